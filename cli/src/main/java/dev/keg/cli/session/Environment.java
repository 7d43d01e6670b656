package dev.keg.cli.session;

import dev.keg.cli.colour.Colours;
import dev.keg.config.Config;
import dev.keg.file.DirectorySync;
import dev.keg.platform.Platform;
import dev.keg.tree.FileTrees;
import dev.keg.tree.PortableFileTrees;
import dev.keg.usage.PortableTreeScans;
import dev.keg.usage.TreeScans;
import dev.keg.volume.LateRandom;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The environment of a command; tests provide their own. */
public record Environment(
    Map<String, String> variables,
    FileSystem files,
    Clock clock,
    RandomGenerator random,
    Streams streams,
    HostSystem system) {
  public Environment {
    variables = Map.copyOf(variables);
  }

  public static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        FileSystems.getDefault(),
        new LocalClock(),
        new LateRandom(),
        Streams.ofProcess(),
        HostSystem.ofProcess());
  }

  /** Whether a command line requests JSON even for messages. */
  public static boolean isForPrograms(String... arguments) {
    return JsonLines.wantedBy(List.of(arguments));
  }

  /** The same, with messages in JSON. */
  public Environment speakingJson() {
    Streams json = new Streams(streams.in(), streams.out(), JsonLines.over(streams.err()), true);
    return with(json);
  }

  /** The same, with messages coloured as configured. */
  Environment coloured(Supplier<Config> config) {
    PrintStream errors =
        new Colours(variables, config).over(streams.err(), () -> new Terminal(this).isWatched());
    return with(new Streams(streams.in(), streams.out(), errors));
  }

  private Environment with(Streams others) {
    return new Environment(variables, files, clock, random, others, system);
  }

  /** The default directory of volumes: the system's for root, otherwise the user's. */
  Path defaultRoot() {
    return isWindows() ? windowsRoot() : posixRoot();
  }

  private Path posixRoot() {
    if (isSuperuser()) {
      return files.getPath("/var/lib/keg");
    }
    String data = variables.getOrDefault("XDG_DATA_HOME", "");
    if (data.startsWith("/")) {
      return files.getPath(data, "keg");
    }
    String home = variables.getOrDefault("HOME", "");
    return files.getPath(home.startsWith("/") ? home : "/", ".local", "share", "keg");
  }

  // Elevated processes can write below %ProgramData%'s protected directories.
  private Path windowsRoot() {
    Path shared = files.getPath(variables.getOrDefault("ProgramData", "C:\\ProgramData"));
    return Files.isWritable(files.getPath(variables.getOrDefault("SystemRoot", "C:\\Windows")))
        ? shared.resolve("keg")
        : files.getPath(variables.getOrDefault("LOCALAPPDATA", shared.toString()), "keg");
  }

  // In a user's own namespace, as unshare -r creates it, root is still that user: the root
  // directory does not belong to them, and their volumes are where they were.
  private boolean isSuperuser() {
    try {
      return isOfRoot("/proc/self") && isOfRoot("/");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private boolean isOfRoot(String path) throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(files.getPath(path), "unix:uid"));
  }

  boolean isWindows() {
    return files.getSeparator().equals("\\");
  }

  DirectorySync directorySync() {
    return onThePlatform() ? platform().directorySync() : DirectorySync.NONE;
  }

  FileTrees trees() {
    return onThePlatform() ? platform().trees() : new PortableFileTrees();
  }

  TreeScans scans() {
    return onThePlatform() ? platform().scans() : new PortableTreeScans();
  }

  private boolean onThePlatform() {
    return files.equals(FileSystems.getDefault());
  }

  Platform platform() {
    return system.platforms().here();
  }

  public boolean debug() {
    String value = variables.getOrDefault("KEG_DEBUG", "").toLowerCase(Locale.ROOT);
    return !value.isEmpty() && !value.equals("0") && !value.equals("false");
  }

  /** Prints debug output, if it is requested here or by the environment. */
  Consumer<String> debugging(boolean asked) {
    return asked || debug() ? line -> streams.err().println("debug: " + line) : _ -> {};
  }

  /** The operator's home directory. */
  Path home() {
    return files.getPath(
        variables.getOrDefault("HOME", variables.getOrDefault("USERPROFILE", "/")));
  }

  Path temporary() {
    return files.getPath(
        variables.getOrDefault(
            "TMPDIR", isWindows() ? variables.getOrDefault("TEMP", "C:\\Windows\\Temp") : "/tmp"));
  }

  /** The user's configuration file; a user without a home has none. */
  Optional<Path> userConfig() {
    if (isWindows()) {
      return absolute("APPDATA").map(data -> data.resolve("keg").resolve("config.json"));
    }
    return absolute("XDG_CONFIG_HOME")
        .or(() -> absolute("HOME").map(home -> home.resolve(".config")))
        .map(directory -> directory.resolve("keg").resolve("config.json"));
  }

  private Optional<Path> absolute(String variable) {
    return Optional.ofNullable(variables.get(variable))
        .map(files::getPath)
        .filter(Path::isAbsolute);
  }

  /**
   * A file for data that may be lost when the machine restarts; empty if no directory belongs only
   * to this user.
   *
   * @param of what the data is about
   */
  Optional<Path> memory(String name, Path of) {
    Optional<Path> place =
        isWindows()
            ? Optional.empty()
            : isSuperuser() ? Optional.of(files.getPath("/run")) : absolute("XDG_RUNTIME_DIR");
    return place
        .filter(run -> Files.isWritable(run) && isOwn(run))
        .map(run -> run.resolve("keg"))
        .filter(
            keg ->
                !Files.exists(keg, LinkOption.NOFOLLOW_LINKS)
                    || isOwn(keg, LinkOption.NOFOLLOW_LINKS))
        .map(keg -> keg.resolve(name + "-" + Integer.toHexString(of.hashCode()) + ".json"));
  }

  // A file of somebody else could be a pipe, lead elsewhere, or contain false data.
  private boolean isOwn(Path directory, LinkOption... links) {
    try {
      return Files.isDirectory(directory, links)
          && Files.getAttribute(directory, "unix:uid", links)
              .equals(Files.getAttribute(files.getPath("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /** This machine's name. */
  String hostName() {
    if (isWindows()) {
      return variables.getOrDefault("COMPUTERNAME", "localhost");
    }
    try {
      return Files.readString(files.getPath("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return variables.getOrDefault("HOSTNAME", "localhost");
    }
  }
}
