"""Find the impressions of seals on a page and read them."""
