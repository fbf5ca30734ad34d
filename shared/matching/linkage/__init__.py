"""Record linkage: does a reported person describe a watched person?

`blocking_keys` decide which pairs are compared at all. `score` compares such a pair: `names` and `dates` of birth, part
by part, each part adding its match weight in bits (`weights`). `frequencies` say how common a name is (term
frequency), `string_similarity` and `phonetic` how near two name tokens are, `name_tokens` how a name becomes tokens.
"""
