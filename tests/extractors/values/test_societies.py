from extractors.values.societies import national_societies, national_society, nearest_society


def test_no_name_of_the_roster_is_given_twice() -> None:
    names = [name for society in national_societies() for name in (society.name, *society.also, *society.formerly)]
    assert len(names) == len(set(names))
    assert len(national_societies()) > 200


def test_a_society_is_known_by_all_its_names() -> None:
    society = national_society("中国图学学会")
    assert society is not None
    assert society is national_society("中国 工程图学学会（盖章）")
    assert national_society("中国油茶学会") is None
    assert national_society("湖南省林学会") is None


def test_one_slip_is_told_where_it_can_only_be_one_society() -> None:
    assert nearest_society("中国茶叶协会") == "中国茶叶学会"
    assert nearest_society("中国X学会") == ""  # could be many
    assert nearest_society("湖南省林学会") == ""
