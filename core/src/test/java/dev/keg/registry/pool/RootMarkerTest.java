package dev.keg.registry.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.error.RegistryException.FileFailure;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.volume.PoolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RootMarkerTest {
  private static final Path ROOT = Jimfs.newFileSystem(Configuration.unix()).getPath("/root");
  private static final Path FILE = ROOT.resolve("keg.json");
  private static final Pool FAST =
      new Pool(new PoolName("fast"), ROOT.resolveSibling("disk"), "1", Optional.empty(), ROOT);
  private static final Pool COLD =
      new Pool(new PoolName("cold"), ROOT.resolve("archives/cold"), "2", Optional.of("/b"), ROOT);

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(ROOT);
    Files.deleteIfExists(FILE);
  }

  private static Stream<Arguments> markers() {
    String fast = "{\"directory\":\"/disk\",\"id\":\"1\",\"name\":\"fast\"}";
    String cold =
        "{\"directory\":\"/root/archives/cold\",\"id\":\"2\",\"name\":\"cold\",\"repository\":\"/b\"}";
    return Stream.of(
        Arguments.of(new RootMarker(false, List.of()), "{\"schema\":1}"),
        Arguments.of(new RootMarker(true, List.of()), "{\"schema\":1,\"shared\":true}"),
        Arguments.of(
            new RootMarker(false, List.of(FAST)), "{\"schema\":2,\"pools\":[" + fast + "]}"),
        Arguments.of(
            new RootMarker(true, List.of(FAST)),
            "{\"schema\":2,\"shared\":true,\"pools\":[" + fast + "]}"),
        Arguments.of(
            new RootMarker(false, List.of(FAST, COLD)),
            "{\"schema\":3,\"pools\":[" + fast + "," + cold + "]}"));
  }

  @ParameterizedTest
  @MethodSource("markers")
  void a_marker_is_read_as_it_was_written(RootMarker marker, String text) throws IOException {
    Files.write(FILE, marker.bytes());

    assertThat(FILE).hasContent(text);
    assertThat(RootMarker.read(FILE)).contains(marker);
  }

  @Test
  void an_archive_moves_along_with_its_root() throws IOException {
    Files.write(FILE, new RootMarker(false, List.of(FAST, COLD)).bytes());
    Path moved = Files.createDirectories(ROOT.resolveSibling("moved")).resolve("keg.json");
    Files.write(moved, Files.readAllBytes(FILE));

    assertThat(RootMarker.read(moved).orElseThrow().pools())
        .extracting(Pool::directory)
        .containsExactly(FAST.directory(), ROOT.resolveSibling("moved/archives/cold"));
  }

  @Test
  void without_a_file_there_is_no_root_and_an_unreadable_one_is_an_error() throws IOException {
    assertThat(RootMarker.read(FILE)).isEmpty();
    Files.createDirectory(FILE);

    assertThatThrownBy(() -> RootMarker.read(FILE))
        .isInstanceOf(FileFailure.class)
        .hasMessage("open root: /root/keg.json: a directory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"schema":1,"more":1} | unknown field "more"
          {"schema":1,"pools":[]} | unknown field "pools"
          {"schema":2} | field "pools" is missing
          {"schema":2,"pools":[{"directory":"/d","id":"1","name":"-"}]} | invalid pool name: '-'
          {"schema":2,"pools":[{"directory":"/d","id":"1","name":"fast","more":"1"}]} | unknown field "more"
          """)
  void a_damaged_marker_is_reported_with_the_reason(String content, String reason)
      throws IOException {
    Files.writeString(FILE, content);

    assertThatThrownBy(() -> RootMarker.read(FILE))
        .isInstanceOf(Damaged.class)
        .hasMessage("/root/keg.json is damaged: " + reason);
  }

  @Test
  void a_newer_marker_is_refused() throws IOException {
    Files.writeString(FILE, "{\"schema\":4}");

    assertThatThrownBy(() -> RootMarker.read(FILE)).isInstanceOf(NewerSchema.class);
  }
}
