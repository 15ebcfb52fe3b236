"""Population by the cohort-component method: area × sex × single year of age, with levers, intervals and reasons.

    release ─ load.baseline_of ─► Baseline ─ steer.run ─► Projection ─► measures · decompose · needs · bands · answer

population, mortality, fertility, migration, housing, small_areas, standard: the parts. assumptions, projection: the engine.
observed, fit, moves, baseline: from what was seen to what goes on. levers, steer: what a user may move and what it does.
uncertainty, bands: intervals. backtest: what the past says. exchange, load, command: tables in and out.
"""
