package dev.keg.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.platform.Platforms;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PassPhrasesTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private Optional<String> typed = Optional.empty();
  private String shown = "";

  private final class Terminal implements HostSystem {
    @Override
    public Platforms platforms() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<char[]> askSecretly(String prompt) {
      return typed.map(String::toCharArray);
    }

    @Override
    public boolean showSecret(String what, char[] secret) {
      shown = what + new String(secret);
      return true;
    }
  }

  private PassPhrases phrases(Optional<Integer> descriptor, String input) {
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    var nothing = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new PassPhrases(
        descriptor,
        new Environment(
            Map.of(),
            files,
            Clock.systemUTC(),
            new SplittableRandom(1),
            new Streams(in, nothing, nothing),
            new Terminal()));
  }

  private static String ask(PassPhrases phrases) {
    return phrases.ask("Pass phrase: ").map(String::new).orElse("nothing");
  }

  @Test
  void a_secret_is_shown_at_the_terminal() {
    assertThat(phrases(Optional.of(0), "").show("Key: ", "123".toCharArray())).isTrue();
    assertThat(shown).isEqualTo("Key: 123");
    assertThat(HostSystem.ofProcess().showSecret("Key: ", "123".toCharArray())).isFalse();
  }

  @Test
  void without_a_descriptor_the_terminal_is_asked() {
    assertThat(ask(phrases(Optional.empty(), ""))).isEqualTo("nothing");
    typed = Optional.of("typed");
    assertThat(ask(phrases(Optional.empty(), ""))).isEqualTo("typed");
  }

  @Test
  void a_descriptor_has_one_a_line_whatever_characters_they_have() {
    PassPhrases phrases = phrases(Optional.of(0), " blanks count \nзамок\n\nlast");

    assertThat(ask(phrases)).isEqualTo(" blanks count ");
    assertThat(ask(phrases)).isEqualTo("замок");
    assertThat(ask(phrases)).isEmpty();
    assertThat(ask(phrases)).isEqualTo("last");
    assertThat(ask(phrases)).isEqualTo("nothing");
  }

  @Test
  void a_descriptor_is_opened_by_its_name() throws IOException {
    Path open = files.getPath("/dev/fd/7");
    Files.createDirectories(open.getParent());
    Files.writeString(open, "xyzzy\n");

    assertThat(ask(phrases(Optional.of(7), ""))).isEqualTo("xyzzy");
  }

  @Test
  void a_descriptor_that_is_closed_or_not_inherited_is_an_error() throws IOException {
    assertThatThrownBy(() -> ask(phrases(Optional.of(7), "")))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("cannot read a pass phrase from file descriptor 7: it is not open for reading");

    Path facts = files.getPath("/proc/self/fdinfo/8");
    Files.createDirectories(facts.getParent());
    Files.writeString(facts, "pos:\t0\nflags:\t02100000\nmnt_id:\t29\n");
    Files.createDirectories(files.getPath("/dev/fd"));
    Files.writeString(files.getPath("/dev/fd/8"), "class file");
    assertThatThrownBy(() -> ask(phrases(Optional.of(8), ""))).isInstanceOf(CommandFailure.class);
  }
}
