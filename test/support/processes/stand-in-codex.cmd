@"%STAND_IN_NODE%" "%~dp0stand-in-codex.mjs" %*
