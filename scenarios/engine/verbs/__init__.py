"""The verbs of stories in chapters: a public method is a verb, its keyword arguments are the verb's."""
