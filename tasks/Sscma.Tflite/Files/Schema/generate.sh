#!/bin/sh
# Makes *.g.cs from *.fbs, and the digests by which a test sees that neither was changed alone.
# Needs flatc 25.2.10, the release of the package Google.FlatBuffers.
#   generate.sh [FOLDER]    where to write; beside this script when left out
set -eu
folder=${1:-$(dirname "$0")}
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")"
if [ "$(flatc --version)" != "flatc version 25.2.10" ]; then
  echo "flatc 25.2.10 is needed, this is: $(flatc --version)" >&2
  exit 1
fi
flatc --csharp --gen-onefile --no-leak-private-annotation --filename-suffix .g -o "$folder" enums.fbs tflite.fbs

# What flatc has no option for: nothing but the enums is public, and files are verified by FlatVerifier, which says why.
for name in enums tflite; do
  sed -e 's/static public class/internal static class/' \
      -e 's/Google\.FlatBuffers\.Verifier verifier/FlatVerifier verifier/' \
      -e '/public static bool VerifyModel(/d' \
      "$folder/$name.g.cs" > "$folder/$name.g.cs.new"
  mv "$folder/$name.g.cs.new" "$folder/$name.g.cs"
done
sha256() { if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }
for name in enums tflite; do
  echo "$(sha256 $name.fbs)  $name.fbs"
  echo "$(sha256 "$folder/$name.g.cs")  $name.g.cs"
done > "$folder/generated.sha256"
