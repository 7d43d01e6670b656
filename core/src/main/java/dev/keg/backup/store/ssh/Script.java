package dev.keg.backup.store.ssh;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is done on the other side. Each is one line without single quotes and backslashes, because
 * the user's login shell, which may be csh or fish, has to hand it to sh; {@code $1} is always the
 * repository's directory.
 */
enum Script {
  /** Answers, so that we know that the connection stands, and stays until its input ends. */
  HOLD("echo keg; exec cat >/dev/null"),

  /** Is the directory there? */
  PROBE("cd -- \"$1\" || exit 65"),

  /** Takes a draft: $2 its name. That its input ended does not mean that it is complete. */
  RECEIVE("umask 077; cd -- \"$1\" || exit 65; mkdir -p .incoming; exec cat >\".incoming/$2\""),

  /**
   * Gives the draft $2 of $4 bytes the name $3, if that is free; may be repeated. ln does not
   * replace what has the name, as mv would; mv is for disks that know no links.
   */
  PUBLISH(
      "umask 077; cd -- \"$1\" || exit 65; f=\".incoming/$2\"; d=\"${3%/*}\";"
          + " if [ -e \"$f\" ]; then :; else"
          + " [ -f \"$3\" ] && [ $(($(wc -c <\"$3\"))) -eq \"$4\" ] && exit 0; exit 66; fi;"
          + " [ $(($(wc -c <\"$f\"))) -eq \"$4\" ] || exit 66;"
          + " sync \"$f\" 2>/dev/null || sync;"
          + " case \"$3\" in */*) mkdir -p \"$d\" || exit 1;; *) d=.;; esac;"
          + " if ln \"$f\" \"$3\" 2>/dev/null; then :;"
          + " elif [ \"$f\" -ef \"$3\" ]; then :;"
          + " elif [ -e \"$3\" ]; then rm -f \"$f\"; exit 67;"
          + " else mv \"$f\" \"$3\" || exit 1; fi;"
          + " rm -f \"$f\"; sync \"$d\" 2>/dev/null || sync"),

  /** Throws the draft $2 away. */
  DISCARD("cd -- \"$1\" || exit 65; rm -f \".incoming/$2\""),

  /** Sends $4 blocks of 64 KiB of $2, from block $3 on. */
  READ(
      "cd -- \"$1\" || exit 65; [ -f \"$2\" ] || exit 68;"
          + " [ $(($3 * 65536)) -lt $(($(wc -c <\"$2\"))) ] || exit 0;"
          + " exec dd if=\"$2\" bs=65536 skip=\"$3\" count=\"$4\""),

  /** Prints size, time and name of all files below $2: GNU's and busybox's stat, or BSD's. */
  LIST(
      "LC_ALL=C; export LC_ALL; cd -- \"$1\" || exit 65; [ -d \"$2\" ] || exit 0;"
          + " if stat -c %s . >/dev/null 2>&1; then"
          + " exec find -L \"$2\" -type d -name \".?*\" -prune -o -type f"
          + " -exec stat -L -c \"%s %Y %n\" {} +;"
          + " else exec find -L \"$2\" -type d -name \".?*\" -prune -o -type f"
          + " -exec stat -L -f \"%z %m %N\" {} +; fi"),

  /** Prints the same of the drafts. */
  DRAFTS(
      "cd -- \"$1\" || exit 65; [ -d .incoming ] || exit 0; cd .incoming || exit 1;"
          + " if stat -c %s . >/dev/null 2>&1; then"
          + " exec find . -type f -exec stat -c \"%s %Y %n\" {} +;"
          + " else exec find . -type f -exec stat -f \"%z %m %N\" {} +; fi"),

  /** Deletes the file $2, so that it stays deleted. */
  DELETE(
      "cd -- \"$1\" || exit 65; [ -e \"$2\" ] || exit 0; rm -f \"$2\" || exit 1;"
          + " d=\"${2%/*}\"; [ -d \"$d\" ] || d=.; sync \"$d\" 2>/dev/null || sync");

  static final int NO_DIRECTORY = 65;
  static final int INCOMPLETE = 66;
  static final int TAKEN = 67;
  static final int ABSENT = 68;
  static final int BLOCK = 65_536;

  private final String text;

  Script(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** What the login shell is told: words that any shell takes apart in the same way. */
  String command(List<String> arguments) {
    return "exec sh -c "
        + quote(text)
        + " keg "
        + arguments.stream().map(Script::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
