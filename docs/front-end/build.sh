#!/usr/bin/env bash
# Makes static/vendor/*.css and static/fonts/** again from published packages. Needed only when one of them is raised;
# what it makes is committed. Usage, from the root of the project, with node, npm and uv at hand:
#   bash docs/front-end/build.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
  bootstrap@5.3.9 sass@1.108.2 rtlcss@4.3.0 \
  @fontsource/ibm-plex-sans@5.3.0 @fontsource/ibm-plex-sans-arabic@5.3.0 @fontsource/ibm-plex-sans-hebrew@5.3.0 \
  @ibm/plex-sans@1.1.0 @ibm/plex-sans-hebrew@1.1.0 @expo-google-fonts/amiri@0.4.1
uv venv --quiet python
uv pip install --quiet --python python/bin/python 'fonttools>=4.60' 'brotli>=1.1'

# Style: the comments that steer rtlcss live only in the expanded style, so minify last.
banner='/*! Bootstrap v5.3.9 (https://getbootstrap.com/), a part of it built by docs/front-end/build.sh. MIT licence */'
npx sass --quiet --no-source-map --no-charset --load-path=node_modules "$root/docs/front-end/bootstrap.scss" ltr.css
npx rtlcss --silent ltr.css rtl.css
for pair in ltr:bootstrap rtl:bootstrap.rtl; do
  file="$root/static/vendor/${pair#*:}.min.css"
  { echo "$banner"; npx sass --quiet --no-source-map --no-charset --style=compressed "${pair%%:*}.css"; } >"$file"
done

# Screen fonts: the characters people here write, no hinting, modern shaping only. Others fall to the system's font.
common="--no-hinting --desubroutinize --flavor=woff2 --name-IDs=0,1,2,13,14"
latin="U+0020-007E,U+00A0-00A3,U+00A7,U+00A9,U+00AB,U+00AD,U+00AE,U+00B0,U+00B1,U+00B7,U+00BB,U+00BF-00FF,U+2010-2015"
latin="$latin,U+2018-201A,U+201C-201E,U+2020,U+2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+20AA,U+20AC,U+2122"
latin="$latin,U+2190-2193,U+2212,U+2248,U+2260,U+2264,U+2265"
arabic="U+0020,U+00AB,U+00BB,U+060C,U+061B,U+061F,U+0621-063A,U+0640-0652,U+0660-066D,U+0670,U+0671,U+067E,U+0686"
arabic="$arabic,U+06A4,U+06AF,U+200C-200F"
hebrew="U+0020,U+05B0-05C7,U+05D0-05EA,U+05EF-05F4"
subset() { # package, script, characters, features
  for weight in 400 600; do
    # shellcheck disable=SC2086
    python/bin/pyftsubset "node_modules/@fontsource/$1/files/$1-$2-$weight-normal.woff2" --unicodes="$3" \
      --layout-features="$4" $common --output-file="$root/static/fonts/plex-$2-$weight.woff2"
  done
}
subset ibm-plex-sans latin "$latin" kern,liga,tnum,lnum,locl
subset ibm-plex-sans-arabic arabic "$arabic" init,medi,fina,isol,rlig,liga,calt,ccmp,mark,mkmk,kern,curs
subset ibm-plex-sans-hebrew hebrew "$hebrew" kern,liga,ccmp,mark,mkmk

# Fonts of the PDFs: whole and unchanged (their licence reserves the name), only unpacked to TrueType, which Typst reads.
# Bold and not SemiBold, which Typst would file under a family of its own.
pdf="$root/static/fonts/pdf"
for style in Regular Bold; do
  for family in plex-sans:IBMPlexSans plex-sans-hebrew:IBMPlexSansHebrew; do
    name="${family#*:}-$style"
    python/bin/fonttools ttLib.woff2 decompress -o "$pdf/$name.ttf" \
      "node_modules/@ibm/${family%%:*}/fonts/complete/woff2/$name.woff2" 2>/dev/null
  done
done
cp node_modules/@expo-google-fonts/amiri/400Regular/Amiri_400Regular.ttf "$pdf/Amiri-Regular.ttf"
cp node_modules/@expo-google-fonts/amiri/700Bold/Amiri_700Bold.ttf "$pdf/Amiri-Bold.ttf"

cp node_modules/@fontsource/ibm-plex-sans/LICENSE "$root/static/fonts/OFL-IBM-Plex.txt"
cp node_modules/@expo-google-fonts/amiri/LICENSE_FONT "$pdf/OFL-Amiri.txt"
cp node_modules/@ibm/plex-sans/LICENSE.txt "$pdf/OFL-IBM-Plex.txt"
chmod 644 "$pdf"/*
