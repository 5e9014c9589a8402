"""职权公开运行平台: how a county bureau lists, reviews, publishes and supervises its powers."""
