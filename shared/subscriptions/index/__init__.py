"""The subscription index: an inverted index from index terms to subscriptions.

It works as a percolator: the subscriptions are stored queries, and each arrest is a document that looks up the queries
it may satisfy. Those are the candidates; `shared/matching/rules` decides each of them.
"""
