package dev.keg.cli;

import com.google.common.jimfs.Jimfs;
import dev.keg.cli.session.Environment;
import dev.keg.cli.session.Keg;
import dev.keg.cli.session.Streams;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The {@code keg} commands in a line of shell, whose flags are checked without running them. */
final class ShellCommands {
  /** At the beginning of a line, or after text that can precede a command. */
  private static final Pattern START =
      Pattern.compile(
          "(?:^\\s*|[|;&(]\\s*|\\bsudo |\\bthen |\\bdo |\"\\$\\(|=\\S+ |\\$ )keg(?= |$)");

  private static final Pattern WORD =
      Pattern.compile("\\s*(?!\\d[<>])((?:'[^']*'|\"[^\"]*\"|\\\\.|[^\\s'\"|;&()<>#\\\\])+)");

  private ShellCommands() {}

  /** How many commands of a line are checked. */
  static long count(String line) {
    return START.matcher(line).results().count();
  }

  static void check(String line) {
    Matcher start = START.matcher(line);
    while (start.find()) {
      String[] words = words(line.substring(start.end())).toArray(String[]::new);
      CommandLine keg = withoutCommands();
      // As in Main: the model of all of them takes far longer than to parse the line.
      Commands.addTo(keg, words);
      keg.setOverwrittenOptionsAllowed(true);
      try {
        keg.parseArgs(FlagParser.parse(keg, words));
      } catch (ParameterException e) {
        throw new AssertionError(line + "\n" + e.getMessage(), e);
      }
    }
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.lookingAt()) {
      words.add(word.group(1).replaceAll("['\"]", ""));
      word.region(word.end(), text.length());
    }
    return words;
  }

  /** The model of all commands, without running any. */
  static CommandLine model() {
    CommandLine keg = withoutCommands();
    Commands.addAllTo(keg);
    return keg;
  }

  private static CommandLine withoutCommands() {
    FileSystem files = Jimfs.newFileSystem(MemoryKeg.UNIX);
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new CommandLine(
        new Keg(
            new Environment(
                Map.of(),
                files,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                new SplittableRandom(1),
                new Streams(InputStream.nullInputStream(), nowhere, nowhere),
                new FakeSystem(files))));
  }
}
