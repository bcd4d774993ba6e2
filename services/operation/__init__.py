"""How an operator sees what goes on: metrics, traces and health. What is logged: services/log.py.

metrics.py    what is counted, and the port that tells it
traces.py     spans, where a collector is named
observed.py   every RPC, counted and traced
health.py     which service can work now, on a port for probes
"""
