package dev.keg.backup.store.ssh;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The scripts for the other machine. Each is a single line without single quotes and backslashes,
 * because the user's login shell, which may be csh or fish, must pass it to sh; {@code $1} is
 * always the repository's directory.
 */
enum RemoteScript {
  /** Answers, which proves that the connection works, and waits for the end of its input. */
  HOLD("echo keg; exec cat >/dev/null"),

  /** Checks that the directory exists. */
  PROBE("cd -- \"$1\" || exit 65"),

  /** Receives the draft $2. The end of its input does not mean that the draft is complete. */
  RECEIVE("umask 077; cd -- \"$1\" || exit 65; mkdir -p .incoming; exec cat >\".incoming/$2\""),

  /**
   * Gives the draft $2 of $4 bytes the name $3, if that is free; idempotent. Unlike mv, ln does not
   * replace an existing file; mv is for disks without hard links.
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

  /** Deletes the draft $2. */
  DISCARD("cd -- \"$1\" || exit 65; rm -f \".incoming/$2\""),

  /**
   * Sends $4 blocks of 64 KiB of $2, from block $3 on. The stat is that of GNU and busybox or that
   * of BSD: the wc of busybox would read the whole file.
   */
  READ(
      "cd -- \"$1\" || exit 65; [ -f \"$2\" ] || exit 68;"
          + " s=$(stat -L -c %s \"$2\" 2>/dev/null || stat -L -f %z \"$2\") || exit 1;"
          + " [ $(($3 * 65536)) -lt \"$s\" ] || exit 0;"
          + " exec dd if=\"$2\" bs=65536 skip=\"$3\" count=\"$4\""),

  /**
   * Prints size, time and name of all files below $2, with the stat of GNU and busybox or that of
   * BSD.
   */
  LIST(
      "LC_ALL=C; export LC_ALL; cd -- \"$1\" || exit 65; [ -d \"$2\" ] || exit 0;"
          + " if stat -c %s . >/dev/null 2>&1; then"
          + " exec find -L \"$2\" -type d -name \".?*\" -prune -o -type f"
          + " -exec stat -L -c \"%s %Y %n\" {} +;"
          + " else exec find -L \"$2\" -type d -name \".?*\" -prune -o -type f"
          + " -exec stat -L -f \"%z %m %N\" {} +; fi"),

  /** Prints the same for the drafts. */
  DRAFTS(
      "cd -- \"$1\" || exit 65; [ -d .incoming ] || exit 0; cd .incoming || exit 1;"
          + " if stat -c %s . >/dev/null 2>&1; then"
          + " exec find . -type f -exec stat -c \"%s %Y %n\" {} +;"
          + " else exec find . -type f -exec stat -f \"%z %m %N\" {} +; fi"),

  /** Deletes the file $2 durably. */
  DELETE(
      "cd -- \"$1\" || exit 65; [ -e \"$2\" ] || exit 0; rm -f \"$2\" || exit 1;"
          + " d=\"${2%/*}\"; [ -d \"$d\" ] || d=.; sync \"$d\" 2>/dev/null || sync");

  static final int NO_DIRECTORY = 65;
  static final int INCOMPLETE = 66;
  static final int TAKEN = 67;
  static final int ABSENT = 68;
  static final int BLOCK = 65_536;

  private final String text;

  RemoteScript(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /**
   * Whether it may work for long before it says anything: it syncs or deletes a large file, or
   * examines thousands of files for each piece of its output.
   */
  boolean isSlow() {
    return switch (this) {
      case PUBLISH, LIST, DRAFTS, DELETE -> true;
      case HOLD, PROBE, RECEIVE, DISCARD, READ -> false;
    };
  }

  /** The command line for the login shell, whose words every shell splits in the same way. */
  String command(List<String> arguments) {
    return "exec sh -c "
        + quote(text)
        + " keg "
        + arguments.stream().map(RemoteScript::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
