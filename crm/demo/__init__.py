"""The demo district: a cast, its channels, and the lives of any number of leads, told through the domain's own verbs.

Everything is a pure function of a seed and a day, so a run that was cut short is finished by running it again.
"""
