"""How good the answers are: question sets, gold figures computed apart, scores, thresholds.

ayni eval [--company demo] [--category value] [--failures] [--json]
"""
