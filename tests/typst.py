#!/usr/bin/env python3
"""The command line of typst, as far as irio uses it, by the Python module of that name (`pip install typst`).

    typst.py fonts [--font-path DIR]...
    typst.py compile [--pdf-standard NAME] [--root DIR] [--font-path DIR]... SOURCE TARGET

Named in IRIO_TYPST it takes the place of the program where only the module is to be had.
"""

import argparse
import os
import sys

# This file has the module's name: its own folder is not the place to look for it.
sys.path = [folder for folder in sys.path if os.path.realpath(folder or ".") != os.path.dirname(os.path.realpath(__file__))]

import typst  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    fonts = commands.add_parser("fonts")
    compile_ = commands.add_parser("compile")
    for command in (fonts, compile_):
        command.add_argument("--font-path", action="append", default=[])
    compile_.add_argument("--pdf-standard", action="append", default=[])
    compile_.add_argument("--root")
    compile_.add_argument("source")
    compile_.add_argument("target")
    asked = parser.parse_args()
    if asked.command == "fonts":
        print("\n".join(typst.Fonts(font_paths=asked.font_path).families()))
        return
    try:
        compiler = typst.Compiler(asked.source, root=asked.root, font_paths=asked.font_path)
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=asked.pdf_standard)
    except typst.TypstError as error:
        sys.exit(str(error))
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    with open(asked.target, "wb") as target:
        target.write(pdf)


main()
