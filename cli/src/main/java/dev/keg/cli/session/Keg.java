package dev.keg.cli.session;

import dev.keg.backup.store.StoreLimits;
import dev.keg.error.VolumeException;
import dev.keg.file.Throttle;
import dev.keg.volume.Size;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The root command, with the options that every command takes. They state their arity, since
 * picocli throws two exceptions to find that an option does not, at each start.
 */
@Command(
    name = "keg",
    addMethodSubcommands = false,
    customSynopsis = "keg [OPTIONS] COMMAND",
    header = "Persistent volumes for containers and virtual machines, without a daemon",
    versionProvider = Version.Provider.class)
public final class Keg implements Runnable {
  @Option(
      names = "--root",
      arity = "1",
      paramLabel = "directory",
      scope = ScopeType.INHERIT,
      description = "Registry to use (default $KEG_ROOT, or the user's own)")
  private Optional<String> root = Optional.empty();

  @Option(
      names = "--data",
      arity = "1",
      paramLabel = "directory",
      scope = ScopeType.INHERIT,
      description = "This host's part of a shared registry (default $KEG_DATA)")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--group",
      arity = "1",
      paramLabel = "group",
      scope = ScopeType.INHERIT,
      description = "Let members of this group reach the data of volumes")
  private Optional<String> group = Optional.empty();

  @Option(
      names = "--debug",
      arity = "0",
      scope = ScopeType.INHERIT,
      description = "Trace native calls, external programs and lock waits (default $KEG_DEBUG)")
  private boolean debug;

  @Option(
      names = "--key-fd",
      arity = "1",
      paramLabel = "number",
      scope = ScopeType.INHERIT,
      converter = Descriptor.class,
      description = "Read pass phrases from this file descriptor, one per line")
  private Optional<Integer> keyDescriptor = Optional.empty();

  @Option(
      names = "--key-file",
      arity = "1",
      paramLabel = "file",
      scope = ScopeType.INHERIT,
      description =
          "Open encrypted repositories with the key or pass phrase in this file"
              + " (default $KEG_KEY_FILE)")
  private Optional<String> keyFile = Optional.empty();

  @Option(
      names = "--key-command",
      arity = "1",
      paramLabel = "command",
      scope = ScopeType.INHERIT,
      description =
          "Open encrypted repositories with what this command prints"
              + " (default $KEG_KEY_COMMAND)")
  private Optional<String> keyCommand = Optional.empty();

  @Option(
      names = "--limit-upload",
      arity = "1",
      paramLabel = "rate",
      scope = ScopeType.INHERIT,
      converter = Rate.class,
      description = "Limit the upload to S3, SSH and registries, in bytes per second")
  private Optional<Size> upload = Optional.empty();

  @Option(
      names = "--limit-download",
      arity = "1",
      paramLabel = "rate",
      scope = ScopeType.INHERIT,
      converter = Rate.class,
      description = "Limit the download from S3, SSH and registries, in bytes per second")
  private Optional<Size> download = Optional.empty();

  @Option(
      names = "--connections",
      arity = "1",
      paramLabel = "number",
      scope = ScopeType.INHERIT,
      converter = Connections.class,
      description = "Limit the number of concurrent requests to S3 repositories")
  private Optional<Integer> connections = Optional.empty();

  @Option(
      names = "--progress",
      arity = "1",
      paramLabel = "style",
      scope = ScopeType.INHERIT,
      converter = Style.class,
      description = "Show progress: auto (on a terminal), json (on standard error) or none")
  private ProgressStyle progress = ProgressStyle.AUTO;

  @Option(
      names = {"-h", "--help"},
      arity = "0",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print usage")
  boolean helpRequested;

  @Option(
      names = {"-v", "--version"},
      arity = "0",
      versionHelp = true,
      description = "Print the version and quit")
  boolean versionRequested;

  /** The number of a file descriptor. */
  static final class Descriptor implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("\\d{1,9}")) {
        throw new TypeConversionException("must be the number of an open file descriptor");
      }
      return Integer.parseInt(value);
    }
  }

  /** Bytes per second. */
  static final class Rate implements ITypeConverter<Size> {
    /** Servers hang up if they wait longer for the next piece; 500 was probably meant as 500k. */
    private static final int SLOWEST = 16 << 10;

    @Override
    public Size convert(String value) {
      try {
        Size rate = Size.parseBinary(value);
        if (rate.bytes() >= SLOWEST) {
          return rate;
        }
      } catch (VolumeException _) {
        // The same message for all invalid rates.
      }
      throw new TypeConversionException(
          "must be bytes per second, such as 500k or 2m, and at least 16k");
    }
  }

  static final class Connections implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("[1-9]\\d{0,3}")) {
        throw new TypeConversionException("must be a number from 1 to 9999");
      }
      return Integer.parseInt(value);
    }
  }

  static final class Style implements ITypeConverter<ProgressStyle> {
    @Override
    public ProgressStyle convert(String value) {
      return switch (value) {
        case "auto" -> ProgressStyle.AUTO;
        case "json" -> ProgressStyle.JSON;
        case "none" -> ProgressStyle.NONE;
        default -> throw new TypeConversionException("must be auto, json or none");
      };
    }
  }

  @Spec private CommandSpec spec;

  private final Environment environment;

  public Keg(Environment environment) {
    this.environment =
        environment.streams().forPrograms()
            ? environment
            : environment.coloured(() -> session(root).config());
  }

  /** The streams of its commands. */
  public Streams streams() {
    return environment.streams();
  }

  /** The session of this command; called once, by the subcommand that runs. */
  public Session session() {
    return session(false);
  }

  /**
   * The same for a command with a quiet option, which does not affect programs that request
   * objects.
   */
  public Session session(boolean quiet) {
    // An unset variable in a script must not select the current directory.
    if (root.filter(String::isEmpty).isPresent()) {
      throw new ParameterException(spec.commandLine(), "--root requires a directory");
    }
    Session session =
        new Session(
            environment,
            new ChosenRoot.Options(root, data),
            debug,
            access(true),
            quiet && progress == ProgressStyle.AUTO ? ProgressStyle.NONE : progress);
    session.config().colourMistake().ifPresent(session::warn);
    group.ifPresent(name -> session.registry().openTo(name));
    return session;
  }

  /** A session with a root that the caller read from the words to complete. */
  public Session session(Optional<String> otherRoot) {
    return new Session(
        environment, new ChosenRoot.Options(otherRoot, data), debug, access(false), progress);
  }

  private RepositoryAccess.Options access(boolean asks) {
    return new RepositoryAccess.Options(
        new KeyOptions(keyDescriptor, keyFile, keyCommand, asks, false),
        StoreLimits.of(
            throttle(upload), throttle(download), connections.orElse(Integer.MAX_VALUE)));
  }

  private static Throttle throttle(Optional<Size> rate) {
    return new Throttle(rate.orElse(Size.ZERO).bytes(), System::nanoTime, Thread::sleep);
  }

  /** The width of the terminal for help. */
  public int columns() {
    return new Terminal(environment).columns();
  }

  /** Without a subcommand: prints help, like {@code docker volume}. */
  @Override
  public void run() {
    spec.commandLine().usage(environment.streams().err());
  }
}
