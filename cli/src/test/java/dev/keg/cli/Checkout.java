package dev.keg.cli;

import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A checkout that contains only the launcher, a Maven that makes a jar, and a Java 25 that makes a
 * cache and prints its arguments. Both log their runs.
 */
final class Checkout {
  private static final String MAVEN =
      """
      #!/bin/sh
      echo build >>"$LOG"
      cat
      echo 'maven says why'
      if [ -e "$LOG.slow" ]; then
        until grep -q waiting "$LOG.slow"; do :; done
      fi
      [ ! -e "$LOG.broken" ] || exit 1
      mkdir -p "$TARGET/lib"
      echo old >"$TARGET/lib/core.jar"
      echo whole >"$TARGET/keg-cli.jar"
      touch -t 202501010000 "$TARGET/keg-cli.jar"
      """;

  private static final String JAVA =
      """
      #!/bin/sh
      for argument; do
        case $argument in
          -XX:AOTCacheOutput=*) output=${argument#*=} ;;
          *.jar) jar=$argument ;;
        esac
      done
      if [ "${output:-}" ]; then
        echo train >>"$LOG"
        pwd >"$LOG.trained"
        [ ! -e "$LOG.untrainable" ] && grep -q whole "$jar" && echo cache >"$output"
        exit
      fi
      echo "java $*" >>"$LOG"
      echo "${LC_ALL-} ${LANGUAGE-} $LC_CTYPE $LC_MESSAGES" >"$LOG.locale"
      printf '[%s]' "$@" | sed 's/.*\\.jar\\]//'
      cat
      """;

  final Path bin;
  final Path cli;
  final Path launcher;
  final Path target;
  private final Path directory;
  private final Path log;

  Checkout(Path directory) throws IOException {
    this.directory = directory;
    bin = directory.resolve("bin");
    cli = directory.resolve("check out/cli");
    launcher = cli.resolve("keg");
    target = cli.resolve("target");
    log = directory.resolve("log");
    executable(launcher, Files.readString(Path.of("keg")));
    executable(bin.resolve("mvn"), MAVEN);
    executable(bin.resolve("java"), JAVA);
    executable(bin.resolve("javac"), JAVA);
    Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  Outcome run(String... arguments) throws IOException, InterruptedException {
    return run(List.of(launcher.toString()), path(), "", arguments);
  }

  String path() {
    return bin + ":/usr/bin:/bin";
  }

  /** Lets everybody read target, and nobody write it. */
  void protect() throws IOException {
    mode(directory, "rwxr-xr-x");
    mode(Files.writeString(log, ""), "rw-rw-rw-");
    mode(target, "r-xr-xr-x");
  }

  /** Runs the launcher as a user to whom file modes apply, unlike root. */
  List<String> asNobody() throws IOException {
    boolean root = Files.getAttribute(log, "unix:uid").equals(0);
    return root
        ? List.of("/usr/bin/setpriv", "--reuid=65534", "--clear-groups", launcher.toString())
        : List.of(launcher.toString());
  }

  Outcome run(List<String> program, String path, String input, String... arguments)
      throws IOException, InterruptedException {
    var environment =
        Map.of(
            "PATH", path,
            "JAVA_HOME", directory.toString(),
            "LOG", log.toString(),
            "TARGET", target.toString());
    return new ProcessRunner(program, environment, Duration.ofMinutes(1))
        .run(new Invocation(List.of(arguments), input, Map.of()));
  }

  /** The programs that have run since the previous call. */
  List<String> ran() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    Files.writeString(log, "");
    return new ArrayList<>(lines);
  }

  /** The languages that Java gets: everything, messages, and again by category. */
  String locale() throws IOException {
    return Files.readString(Path.of(log + ".locale")).strip();
  }

  /** Where Java was trained, which writes files into its current directory. */
  Path trainedIn() throws IOException {
    return Path.of(Files.readString(Path.of(log + ".trained")).strip());
  }

  /** Changes the behaviour of Maven or Java from now on. */
  Path trouble(String kind) throws IOException {
    return Files.writeString(Path.of(log + "." + kind), "");
  }

  private static Path executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return mode(file, "rwxr-xr-x");
  }

  private static Path mode(Path file, String permissions) throws IOException {
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  /** Writes a file of target with a modification time that many days ago. */
  Path old(int days, String name, String text) throws IOException {
    Path file = executable(target.resolve(name), text);
    var then = Instant.parse("2025-01-01T00:00:00Z").minus(Duration.ofDays(days));
    return Files.setLastModifiedTime(file, FileTime.from(then));
  }
}
