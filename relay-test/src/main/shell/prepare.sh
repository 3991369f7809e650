# Sourced by ./check and ./demo, in the repository's root: installs what is missing, builds.
# shellcheck shell=bash

# What is built here is read by Postfix's user, too.
umask 022

left_out=()

# Names what could not be had, and what is not done because of it.
leave_out() {
  left_out+=("$1")
  echo "left out: $1" >&2
}

left_out_at_the_end() {
  local what
  for what in "${left_out[@]}"; do
    echo "left out: $what"
  done
}

# Sees to it that each of the named things is here: java, maven, openssl, postfix, sendmail, chromium,
# milters (what our milter is measured against), faketime (to move the daemon's clock).
prepare() {
  local missing=() thing
  for thing in "$@"; do
    case $thing in
      java) has_jdk || missing+=(openjdk-17-jdk-headless) ;;
      maven) command -v mvn >/dev/null || missing+=(maven) ;;
      # By itself: see install_postfix.
      postfix) has_postfix || install_postfix ;;
      sendmail) command -v m4 >/dev/null || missing+=(m4) ;;
      openssl) command -v openssl >/dev/null || missing+=(openssl) ;;
      chromium | milters | faketime) ;;
      *) echo "prepare: unknown: $thing" >&2; return 2 ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}" || true
  has_jdk || { echo "no JDK 17 or newer (javac), and none could be installed" >&2; exit 2; }
  command -v mvn >/dev/null || { echo "no Maven, and none could be installed" >&2; exit 2; }
  case " $* " in
    *' sendmail '*)
      if ! fetch_sendmail; then
        leave_out "real sendmail: Debian's packages of it cannot be fetched"
      elif ! command -v m4 >/dev/null; then
        leave_out "real sendmail: there is no m4"
      elif [ "$(id -u)" != 0 ] || ! unshare --uts true 2>/dev/null; then
        leave_out "real sendmail: a private instance needs root and a UTS namespace"
      elif ! has_sendmail_with_auth; then
        leave_out "logins at real sendmail: libsasl2-modules cannot be fetched"
      fi
      ;;
  esac
  case " $* " in
    *' postfix '*)
      if ! has_postfix; then
        leave_out "real Postfix: it is not installed, and could not be beside what this machine has"
      elif [ "$(id -u)" != 0 ]; then
        leave_out "real Postfix: a private instance of it can only be started by root"
      fi
      ;;
  esac
  case " $* " in
    *' faketime '*)
      [ -d /usr/share/doc/libfaketime ] || install_packages faketime || true
      [ -d /usr/share/doc/libfaketime ] || leave_out "moving the clock: faketime cannot be had"
      ;;
  esac
  case " $* " in
    *' milters '*) prepare_milters ;;
  esac
  case " $* " in
    # By itself: where it cannot be had, the others still are.
    *' chromium '*)
      has_chromium || install_packages chromium fonts-dejavu-core || true
      has_chromium || leave_out "pictures of receipts: Chromium cannot be had"
      ;;
  esac
}

prepare_milters() {
  if [ ! -r /usr/include/libmilter/mfapi.h ] || ! command -v cc >/dev/null; then
    install_packages libmilter-dev gcc libc6-dev || leave_out "a bare libmilter program"
  fi
  if [ ! -x /usr/sbin/opendkim ]; then
    # Where systemd runs, the package would start a service of its own.
    if [ -d /run/systemd/system ]; then
      leave_out "OpenDKIM: it is not installed, and its package would start it"
    else
      install_packages opendkim || leave_out "OpenDKIM: it cannot be had"
    fi
  fi
}

has_chromium() {
  [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ]
}

# Where relay-test looks for it.
sendmail_root() {
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/mail-journal/sendmail"
}

# One that was fetched before AUTH was tried with it is fetched anew.
has_sendmail_with_auth() {
  local root
  root=$(sendmail_root)
  [ -x "$root/usr/libexec/sendmail/sendmail" ] \
    && [ -n "$(find "$root/usr/lib" -name 'libplain.so*' -print -quit 2>/dev/null)" ]
}

# As a package it would put Postfix out, so it is unpacked and not installed, with its libraries.
fetch_sendmail() {
  local root debs
  root=$(sendmail_root)
  ! has_sendmail_with_auth || return 0
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  echo "fetching sendmail ..." >&2
  debs=$(mktemp -d)
  if (cd "$debs" \
    && apt-get download -qq sendmail-bin sendmail-base sendmail-cf libwrap0 liblockfile1 \
    && { apt-get download -qq libsasl2-modules || true; }) >/dev/null 2>&1; then
    rm -rf "$root.new"
    mkdir -p "$root.new"
    local deb
    for deb in "$debs"/*.deb; do
      dpkg -x "$deb" "$root.new"
    done
    # With setgid the loader would not look at the libraries beside it.
    chmod 755 "$root.new/usr/libexec/sendmail/sendmail"
    rm -rf "$root"
    mv "$root.new" "$root"
  fi
  rm -rf "$debs"
  [ -x "$root/usr/libexec/sendmail/sendmail" ]
}

has_jdk() {
  local version
  version=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 17 ]
}

has_postfix() {
  [ -x /usr/sbin/postfix ] && [ -x /usr/sbin/postconf ]
}

install_packages() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: $*; install them, or run this as root on Debian or Ubuntu" >&2
    return 1
  fi
  echo "installing: $*" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove "$@" >/dev/null
}

# Its package conflicts with that of every other MTA: a machine keeps the one that it has.
install_postfix() {
  # It would ask what it is to be, and then start: "No configuration" does neither.
  if [ "$(id -u)" = 0 ] && command -v debconf-set-selections >/dev/null; then
    echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  fi
  install_packages postfix || true
}

# Builds both modules without their tests, quietly.
build() {
  # The plugins write a colour reset even where nobody sees colours.
  mvn -B -ntp -q -DskipTests package 2>&1 | sed $'s/\e\\[0m//g' | sed '/^$/d'
}

# The class path of the end-to-end programs.
class_path() {
  echo "relay-test/target/classes:$(find relay-test/target/lib -name '*.jar' | sort | paste -sd:)"
}

# The scripts that we ship, by ShellCheck where it is installed.
shell_scripts_are_sound() {
  if ! command -v shellcheck >/dev/null; then
    leave_out "ShellCheck: it is not installed"
    return
  fi
  shellcheck -x check demo .ci/run relay-test/src/main/shell/*.sh milter/src/main/launcher/journal \
    milter/src/test/shell/fuzz.sh etc/install etc/postfix/enable etc/postfix/disable
}
