package dev.keg.cli.option.backup;

import dev.keg.age.PublicKey;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.FileDestination;
import dev.keg.backup.save.SealedDestination;
import dev.keg.backup.save.StreamDestination;
import dev.keg.cli.option.Converters;
import dev.keg.cli.session.Session;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The file that an archive is written to. */
public final class ArchiveOptions {
  private static final Pattern OTHERS =
      Pattern.compile(".*\\.(7z|br|bz2|cpio|lz|lz4|lzma|rar|tbz2?|txz|xz|zip)");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      converter = Converters.FileName.class,
      description = "Write an archive: .tar.zst, .tar.gz or .tar; - is standard output")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--mode",
      paramLabel = "octal",
      converter = Converters.Mode.class,
      description = "Permissions of the archive file (default 0600)")
  private Optional<Integer> mode = Optional.empty();

  @Option(
      names = {"-r", "--recipient"},
      paramLabel = "age1…",
      converter = Converters.AgeKey.class,
      description = "Encrypt the archive for this public key of age; can be repeated")
  private List<PublicKey> recipients = new ArrayList<>();

  /** The file's name; {@code -} is standard output. */
  public Optional<String> file() {
    return output;
  }

  public boolean isStandardOutput() {
    return output.filter("-"::equals).isPresent();
  }

  /** The stream for results, which must differ from the archive's. */
  public PrintStream results(Session session) {
    return isStandardOutput() ? session.streams().err() : session.streams().out();
  }

  /** Why these options exclude each other, or the file's name is misleading; empty if neither. */
  public Optional<String> conflict() {
    if (mode.isPresent() && (output.isEmpty() || isStandardOutput())) {
      return Optional.of("--mode requires a file with --output");
    }
    if (output.isEmpty() && !recipients.isEmpty()) {
      return Optional.of("--recipient requires a file with --output");
    }
    boolean sealed = output.filter(file -> file.endsWith(".age")).isPresent();
    if (sealed && recipients.isEmpty()) {
      return Optional.of("an archive whose name ends in .age requires --recipient");
    }
    if (!sealed && !recipients.isEmpty() && !isStandardOutput()) {
      return Optional.of("the name of an archive with --recipient must end in .age");
    }
    return output.flatMap(ArchiveOptions::misleading);
  }

  /** Why a file of this name would not contain what the name suggests. */
  private static Optional<String> misleading(String file) {
    return OTHERS.matcher(file.toLowerCase(Locale.ROOT)).matches()
        ? Optional.of("'%s': supported are .tar.zst, .tar.gz and .tar".formatted(file))
        : Optional.empty();
  }

  public Destination destination(Session session, String file, Compression compression) {
    Destination plain = plain(session, file, compression);
    return recipients.isEmpty() ? plain : new SealedDestination(plain, List.copyOf(recipients));
  }

  private Destination plain(Session session, String file, Compression compression) {
    return file.equals("-")
        ? new StreamDestination(session.streams().out(), compression)
        : new FileDestination(
            session.files().getPath(file),
            compression,
            mode.map(OptionalInt::of).orElseGet(OptionalInt::empty),
            session.directorySync(),
            session.random());
  }
}
