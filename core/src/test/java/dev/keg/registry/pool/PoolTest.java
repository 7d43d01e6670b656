package dev.keg.registry.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.error.PoolException.PoolMissing;
import dev.keg.volume.PoolName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A directory is a pool only with the identity that was recorded. */
class PoolTest {
  private static final PoolName FAST = new PoolName("fast");

  private final Path root = Jimfs.newFileSystem(Configuration.unix()).getPath("/root");
  private final Path disk = root.resolveSibling("disk");
  private final Pool pool = new Pool(FAST, disk, "1", Optional.empty(), root);

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(root);
    Files.createDirectory(disk);
  }

  private void identify(String content) throws IOException {
    Files.writeString(disk.resolve("keg-pool.json"), content);
  }

  @Test
  void an_identity_is_read_as_it_was_written() throws IOException {
    Pool.Identity identity = new Pool.Identity(FAST, "1", "/root");
    assertThat(Pool.Identity.read(disk)).isEmpty();

    Files.write(Pool.file(disk), identity.bytes());

    assertThat(Pool.file(disk))
        .isEqualTo(disk.resolve("keg-pool.json"))
        .hasContent("{\"schema\":1,\"id\":\"1\",\"name\":\"fast\",\"root\":\"/root\"}");
    assertThat(Pool.Identity.read(disk)).contains(identity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"schema":1,"id":"2","name":"other","root":"/root"} | it is another pool, named other
          {"schema":1,"id":"1","name":"-","root":"/root"} | keg-pool.json is damaged: invalid pool name: '-'
          {"schema":1,"id":"1","name":"fast"} | keg-pool.json is damaged: field "root" is missing
          {"schema":1,"id":"1","name":"fast","root":"/root","more":1} | keg-pool.json is damaged: unknown field "more"
          """)
  void another_directory_is_not_the_pool(String content, String why) throws IOException {
    identify(content);

    assertThat(pool.whyMissing()).contains(why);
    assertThatThrownBy(pool::require)
        .isInstanceOf(PoolMissing.class)
        .hasMessage("pool fast is missing: /disk: " + why);
    assertThat(pool.place()).as("where it would be").isEqualTo(new Place(FAST, disk));
  }

  @Test
  void an_empty_or_missing_directory_is_not_the_pool() throws IOException {
    assertThat(pool.whyMissing()).contains("there is no keg-pool.json in it");
    Files.delete(disk);
    assertThat(pool.whyMissing()).contains("there is no keg-pool.json in it");
    Files.createDirectories(disk.resolve("keg-pool.json"));
    assertThat(pool.whyMissing()).contains("a directory");
  }

  @Test
  void a_link_to_the_identity_is_not_the_pool() throws IOException {
    Path elsewhere = disk.resolveSibling("elsewhere");
    Files.write(elsewhere, new Pool.Identity(FAST, "1", "/root").bytes());
    Files.createSymbolicLink(Pool.file(disk), elsewhere);

    assertThat(pool.whyMissing()).contains("keg-pool.json is damaged: it is a symbolic link");
  }

  @Test
  void the_pool_of_another_root_is_not_that_of_a_copy_but_an_archive_moves_along()
      throws IOException {
    identify("{\"schema\":1,\"id\":\"1\",\"name\":\"fast\",\"root\":\"/before\"}");

    assertThat(pool.whyMissing())
        .contains(
            "it belongs to the root /before; if that is this root before it was moved:"
                + " keg pool add fast /disk");
    assertThat(new Pool(FAST, disk, "1", Optional.of("/backups"), root).whyMissing()).isEmpty();
  }

  @Test
  void the_right_identity_makes_the_pool_available_whatever_the_name_in_it() throws IOException {
    identify("{\"schema\":1,\"id\":\"1\",\"name\":\"before\",\"root\":\"/root\"}");

    assertThat(pool.whyMissing()).isEmpty();
    assertThat(pool.require()).isEqualTo(new Place(FAST, disk));
  }

  @Test
  void an_archive_lies_in_its_root() {
    assertThat(Pool.archive(root, FAST)).isEqualTo(root.resolve("archives/fast"));
  }
}
