# shellcheck shell=sh disable=SC2034,SC2154
# What enable and disable share. Read by them with ".", never run by itself.
#
# Everything is done to copies of main.cf and master.cf in a stage directory and moved into place
# at the end, so that a refusal or an interruption leaves the configuration as it was.
#
# mailjournal.saved, a directory beside main.cf, remembers what was there:
#   main.cf.before  main.cf.after  master.cf.before  master.cf.after   whole copies
#   table.before    a file that stood where our table is now
#   table.after     our table as installed
#   settings        one line a setting: file, name, set or unset, old value, new value,
#                   with tabs between
#   milter          the milter that was added

table_name=mailjournal_rcpt.regexp
saved_name=mailjournal.saved
tab=$(printf '\t')
stage=

say() { printf '%s\n' "$*"; }
complain() { printf '%s: %s\n' "$program" "$*" >&2; }
refuse() {
  complain "$@"
  exit 1
}
misused() {
  complain "$@"
  usage >&2
  exit 2
}

# Finds the configuration directory, in the order in which Postfix's own commands look for it.
find_directory() {
  command -v postconf >/dev/null 2>&1 ||
    refuse "postconf is not in PATH. Install Postfix, or add its command directory to PATH."
  if [ -z "$dir" ]; then
    dir=$(postconf -h config_directory) || refuse "postconf does not say where Postfix's configuration is. Name it with -c."
  fi
  case $dir in
    /*) ;;
    *) dir=$PWD/$dir ;;
  esac
  dir=${dir%/}
  for file in main.cf master.cf; do
    [ -f "$dir/$file" ] ||
      refuse "$dir is no Postfix configuration directory: it has no $file. Name the right one with -c."
    [ -r "$dir/$file" ] || refuse "$dir/$file cannot be read. Run this as root."
  done
}

require_rights() {
  for file in "$dir" "$dir/main.cf" "$dir/master.cf"; do
    [ -w "$file" ] || refuse "$file cannot be written. Run this as root${without_root:-}."
  done
}

open_stage() {
  umask 077
  stage=$(mktemp -d "${TMPDIR:-/tmp}/mailjournal.XXXXXX") || refuse "no directory for copies can be made in ${TMPDIR:-/tmp}."
  trap 'rm -rf "$stage"' EXIT
  trap 'exit 1' HUP INT TERM
  cp "$dir/main.cf" "$dir/master.cf" "$stage/" || refuse "main.cf and master.cf cannot be copied to $stage."
  make_old
  # Read once: these calls cost more than all else here.
  asked -M >"$stage/services"
  asked -xP >"$stage/overrides"
}

# Postfix waits up to 1.5 s before it believes a file that was changed just now (dict.c,
# dict_load_file_xt), and postconf is called some forty times here: nobody else writes the copies.
make_old() { touch -t 200001010000 "$stage/main.cf" "$stage/master.cf"; }

# postconf on the copies: to change them, and to ask. Asking, it warns of settings that Postfix does
# not know, which is none of our business. The files that values name by $config_directory lie beside
# the originals.
staged() { postconf -c "$stage" "$@" && make_old; }
asked() { postconf -c "$stage" -o "config_directory=$dir" "$@" 2>/dev/null; }

# Replaces a file in the configuration directory at one stroke, keeping its owner and mode. A file
# that is a link stays one.
put() {
  target=$2
  if [ -h "$target" ]; then
    target=$(readlink -f "$target")
  fi
  new=$target.mailjournal.$$
  if [ -e "$target" ]; then
    cp -p "$target" "$new" && cat "$1" >"$new" && mv -f "$new" "$target" && return
  else
    cp "$1" "$new" && chmod 644 "$new" && mv -f "$new" "$target" && return
  fi
  rm -f "$new"
  refuse "$2 cannot be written."
}

shown() {
  if [ -n "$1" ]; then
    printf '%s' "$1"
  else
    printf '(empty)'
  fi
}

# Is $2 an element of the list $1, alone or as the first word inside braces? EHLO keywords have no
# casing.
has_element() (
  set -f
  IFS=" ,{}$tab"
  for element in $1; do
    case $2/$element in
      "$2/$2" | dsn/[Dd][Ss][Nn]) exit 0 ;;
    esac
  done
  exit 1
)

# Prints the list $1 without its element $2.
without_element() {
  printf '%s\n' "$1" | awk -v unwanted="$2" '
    function flush() {
      bare = item; gsub(/^[{ \t]+|[} \t]+$/, "", bare); sub(/[ \t,].*/, "", bare)
      if (item != "" && tolower(bare) != tolower(unwanted)) out = out (out == "" ? "" : ", ") item
      item = ""
    }
    { for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (c == "{") depth++
        if (c == "}") depth--
        if (!depth && (c == " " || c == "\t" || c == ",")) flush(); else item = item c
      }
      flush(); print out }'
}

# Prints a list as "postconf -P" takes it, which refuses blanks: to Postfix a comma says the same.
without_blanks() {
  printf '%s\n' "$1" | sed '
    s/[[:space:]]*\([=,]\)[[:space:]]*/\1/g
    s/{[[:space:]]*/{/g
    s/[[:space:]]*}/}/g
    s/^[[:space:]]*//
    s/[[:space:]]*$//
    s/[[:space:]][[:space:]]*/,/g'
}

# Services of master.cf whose command is one of the words: service/type, one a line.
services() {
  awk -v commands=" $* " '{ n = split($8, part, "/"); if (index(commands, " " part[n] " ")) print $1 "/" $2 }' "$stage/services"
}

# The value that the -o of a service gave to a setting at the start, variables replaced; fails if
# it had none.
override() {
  awk -v key="$1/$2 =" '
    index($0, key) == 1 { print substr($0, length(key) + 2); found = 1 }
    END { exit !found }' "$stage/overrides"
}
