# Sourced by ./check and ./demo, in the repository's root: installs what is missing, builds.
# shellcheck shell=bash

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

# Sees to it that each of the named things is here: java, maven, postfix.
prepare() {
  local missing=() thing
  for thing in "$@"; do
    case $thing in
      java) has_jdk || missing+=(openjdk-17-jdk-headless) ;;
      maven) command -v mvn >/dev/null || missing+=(maven) ;;
      postfix) has_postfix || missing+=(postfix) ;;
      *) echo "prepare: unknown: $thing" >&2; return 2 ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}" || true
  has_jdk || { echo "no JDK 17 or newer (javac), and none could be installed" >&2; exit 2; }
  command -v mvn >/dev/null || { echo "no Maven, and none could be installed" >&2; exit 2; }
  case " $* " in
    *' postfix '*)
      if ! has_postfix; then
        leave_out "real Postfix: it is not installed"
      elif [ "$(id -u)" != 0 ]; then
        leave_out "real Postfix: a private instance of it can only be started by root"
      fi
      ;;
  esac
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
  # Postfix would ask what it is to be, and then start: "No configuration" does neither.
  command -v debconf-set-selections >/dev/null \
    && echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Builds both modules without their tests, quietly.
build() {
  mvn -B -ntp -q -DskipTests package
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
    etc/install etc/postfix/enable etc/postfix/disable
}
