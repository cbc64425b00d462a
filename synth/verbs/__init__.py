"""The verbs: what each command does, free of how it was typed. `synth.api` is their public face."""
