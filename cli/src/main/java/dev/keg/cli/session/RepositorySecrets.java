package dev.keg.cli.session;

import dev.keg.backup.store.encrypted.KeySource;
import dev.keg.backup.store.encrypted.Secret;
import dev.keg.driver.Secrets;
import dev.keg.file.FileFailures;
import dev.keg.file.SmallFile;
import dev.keg.program.Programs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keys of repositories: from a file, a command, a descriptor or a person. */
final class RepositorySecrets implements KeySource {
  private static final int LONGEST = 1 << 16;

  private final KeyOptions options;
  private final FileSystem files;
  private final Programs programs;
  private final Secrets secrets;
  private final Consumer<String> warnings;
  private @Nullable Secret given;

  /**
   * @param secrets the descriptor, if one is given, otherwise a person
   * @param warnings receives warnings about files that others can read
   */
  RepositorySecrets(
      KeyOptions options,
      FileSystem files,
      Programs programs,
      Secrets secrets,
      Consumer<String> warnings) {
    this.options = options;
    this.files = files;
    this.programs = programs;
    this.secrets = secrets;
    this.warnings = warnings;
  }

  @Override
  public Optional<Secret> given() {
    if (options.file().isPresent() && options.command().isPresent()) {
      throw new WrongUse("conflicting options: --key-file and --key-command");
    }
    if (given == null) {
      given =
          options.file().map(this::read).or(() -> options.command().map(this::run)).orElse(null);
    }
    return Optional.ofNullable(given);
  }

  @Override
  public boolean isNamed() {
    return !options.variable() && (options.file().isPresent() || options.command().isPresent());
  }

  /** The secret in a file. */
  Secret read(String name) {
    Path file = files.getPath(name);
    try {
      Secret secret = parse("key file " + name, SmallFile.read(file));
      boolean isSecret = !secret.identities().isEmpty() || secret.writing().isPresent();
      if (isSecret && isOpenToOthers(file)) {
        warnings.accept("others can read the key file %s; chmod 600 %s".formatted(name, name));
      }
      return secret;
    } catch (IOException e) {
      throw unusable("key file " + name, FileFailures.reason(e));
    }
  }

  /**
   * Whether others can read the file. The group may: an administrator may have created one for
   * this.
   */
  private static boolean isOpenToOthers(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
  }

  private Secret run(String line) {
    String source = "key command";
    try (Programs.Running running = programs.start(List.of("sh", "-c", line))) {
      running.input().close();
      byte[] output = running.output().readNBytes(LONGEST + 1);
      if (output.length > LONGEST) {
        Arrays.fill(output, (byte) 0);
        throw unusable(source, "it prints more than 64 KiB");
      }
      int status = running.exitCode();
      if (status != 0) {
        throw unusable(
            source, "it ended with status %d: %s".formatted(status, running.complaint()));
      }
      return parse(source, output);
    } catch (IOException e) {
      throw unusable(source, FileFailures.reason(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw unusable(source, "interrupted");
    }
  }

  private static Secret parse(String source, byte[] bytes) {
    try {
      return Secret.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException _) {
      throw unusable(source, "it is neither text nor a key of age-keygen");
    } catch (IllegalArgumentException e) {
      throw unusable(source, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static CommandFailure unusable(String source, String why) {
    return new CommandFailure("Error: cannot use the %s: %s".formatted(source, why), 1);
  }

  @Override
  public Optional<Secret> ask(String prompt) {
    return phrase(prompt).map(phrase -> parse(phrase));
  }

  private Optional<String> phrase(String prompt) {
    return options.asks() ? secrets.ask(prompt).map(RepositorySecrets::text) : Optional.empty();
  }

  private static String text(char[] phrase) {
    String text = new String(phrase);
    Arrays.fill(phrase, '\0');
    return text;
  }

  private static Secret parse(String phrase) {
    try {
      return Secret.parse(phrase);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("Error: cannot use the pass phrase: " + e.getMessage(), 1);
    }
  }

  @Override
  public Optional<Secret> choose(String subject, boolean wanted) {
    boolean descriptor = options.descriptor().isPresent();
    // The descriptor's content may be for volumes.
    if (descriptor && !wanted) {
      return Optional.empty();
    }
    Optional<String> first = phrase("New pass phrase of %s: ".formatted(subject));
    if (first.isPresent() && !descriptor && !first.equals(phrase("The same pass phrase again: "))) {
      throw new CommandFailure("Error: the pass phrases differ; nothing was changed", 1);
    }
    return first.map(RepositorySecrets::parse);
  }
}
