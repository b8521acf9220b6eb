"""Tables as they come, in a text or a workbook: headings found, what stands around the rows left out, all of it told."""
