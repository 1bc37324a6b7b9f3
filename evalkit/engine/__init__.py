"""The warm engine: papermill's notebooks, each in a fork of one warm process.

`entry` is what papermill finds under the entry point ``papermill.engine``; `engine` and `zygote`
live in the process that calls papermill; `serve`, `kernel`, `streams` and `fork` live in the
zygote and its forks; `wire` lies between them. See docs/warm-engine.md.
"""
