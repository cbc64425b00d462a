"""Whether an answer is right, as data: which answers are judged, by which words, and what weak rules say.

samples ─ answers.proposed ─▶ answers ─ wording ─▶ prompts of a classifier
   └──── rules.votes ─▶ risk.risks ─▶ how likely an answer is wrong, without gold
scores ─ reading ─▶ what the model itself says          teacher: temperature of a teacher's tokens
"""
