"""The program without a screen: lines on standard output, prompts on standard input, no cursor control but one bar."""
