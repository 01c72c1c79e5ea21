"""Content of the sample office: people, places, stories and pictures, all made up and all made by code.

Nothing here touches Flask or the database. Everything is decided by a seed and by "today", so that the same start
gives the same office; ``plan.build_plan`` is the way in, ``pictures.draw_picture`` draws what the plan asks for.
The prose is Indonesian content (like a story an editor would type), not interface text, and is not translated.
"""
