"""What can be asked of the record, and the answers: typed, the same for pages, commands and JSON.

Each module holds the answers of one subject as frozen dataclasses, and the functions that work them out
from a `Record`. The JSON of an answer and its schema are made from the dataclass (`queries.as_json`).
Nothing here decides who may see an answer: `service.access` does.
"""
