package dev.keg.age;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.fixtures.condition.NeedsTool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program age reads our files, and we read its files. */
@NeedsTool(value = "age", from = "age")
class AgeProgramIT {
  @TempDir Path directory;

  private final SecretKey key = SecretKey.random();

  private void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    process.getOutputStream().close();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65536, 200_000})
  void age_decrypts_what_is_written(int length) throws Exception {
    byte[] content = AgeFileTest.content(length);
    byte[] file = AgeFileTest.encrypted(content, SecretKey.random().recipient(), key.recipient());
    Files.write(directory.resolve("file.age"), file);
    Files.writeString(directory.resolve("key"), key.text() + "\n");

    run("age", "-d", "-i", path("key"), "-o", path("file"), path("file.age"));

    assertThat(directory.resolve("file")).hasBinaryContent(content);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65536, 200_000})
  void what_age_encrypts_is_read(int length) throws Exception {
    byte[] content = AgeFileTest.content(length);
    Files.write(directory.resolve("file"), content);

    run("age", "-r", key.recipient().toString(), "-o", path("file.age"), path("file"));

    byte[] file = Files.readAllBytes(directory.resolve("file.age"));
    try (InputStream in = AgeInput.open(new ByteArrayInputStream(file), List.of(key))) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void age_ignores_a_stanza_of_our_own() throws Exception {
    FileKey fileKey = FileKey.random();
    Stanza ours = new Stanza(List.of("keg", "data/db/1.tar.zst"), fileKey.sign(new byte[32], ""));
    Head head = Head.create(fileKey, List.of(key.recipient().wrap(fileKey), ours));
    try (AgeOutput out =
        new AgeOutput(Files.newOutputStream(directory.resolve("file.age")), head)) {
      out.write(1);
      out.finish();
    }
    Files.writeString(directory.resolve("key"), key.text() + "\n");

    run("age", "-d", "-i", path("key"), "-o", path("file"), path("file.age"));

    assertThat(directory.resolve("file")).hasBinaryContent(new byte[] {1});
  }
}
