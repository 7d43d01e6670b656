package dev.keg.copying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.restore.Creating;
import dev.keg.error.DriverException.NotSupported;
import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.lifecycle.VolumeRequest;
import dev.keg.registry.journal.RestoreJournal;
import dev.keg.tree.TreeListener;
import dev.keg.volume.Protection;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FillingTest {
  private static final VolumeName COPY = new VolumeName("copy");

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private final Filling filling = new Filling(host.context, TreeListener.NONE);
  private final VolumeRequest request = VolumeRequest.named(COPY);

  @BeforeEach
  void write() {
    host.write(db, "a", "1");
    host.write(db, "dir/b", "2");
  }

  @Test
  void a_volume_has_the_data_of_another_and_its_own_protection() {
    var made = filling.fromVolume(request.withProtection(new Protection.Always()), db);

    assertThat(host.content(COPY)).containsExactly("a=1", "dir/b=2");
    assertThat(made.details().protection()).isEqualTo(new Protection.Always());
    RestoreJournal.requireWhole("mount", COPY, host.context.home(made));
  }

  @Test
  void a_volume_has_what_is_in_a_directory() throws IOException {
    Path source = Files.createDirectories(host.files.getPath("/srv/data"));
    Files.writeString(source.resolve("page"), "hello");

    filling.fromDirectory(request, source);

    assertThat(host.content(COPY)).containsExactly("page=hello");
  }

  @Test
  void a_directory_is_not_copied_into_itself() {
    assertThatThrownBy(() -> filling.fromDirectory(request, host.files.getPath("/")))
        .isInstanceOf(NotSupported.class)
        .hasMessage("create copy: it would be inside /, its source");
    assertThat(host.volumes.exists("copy")).isFalse();
  }

  @Test
  void a_volume_that_exists_stays_as_it_is() {
    VolumeName copy = host.create("copy");
    host.write(copy, "own", "3");

    assertThatThrownBy(() -> filling.fromVolume(request, db)).isInstanceOf(AlreadyExists.class);
    assertThat(host.content(copy)).containsExactly("own=3");
  }

  @Test
  void a_volume_that_cannot_be_filled_is_not_created_even_if_it_was_to_be_protected() {
    VolumeRequest wanted = request.withProtection(new Protection.Always());

    assertThatThrownBy(
            () ->
                new Creating(host.context)
                    .create(
                        wanted,
                        _ -> {
                          throw new IllegalStateException("the disk is gone");
                        }))
        .hasMessage("the disk is gone");
    assertThat(host.volumes.exists("copy")).isFalse();
  }
}
