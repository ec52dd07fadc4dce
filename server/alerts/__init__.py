"""Alerts on their way: evaluated after each refresh, then told to whom each rule says, when it says."""
