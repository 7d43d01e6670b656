package dev.keg.registry;

import static dev.keg.registry.RootInMemory.DB;
import static dev.keg.registry.RootInMemory.WWW;
import static dev.keg.registry.RootInMemory.volume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.error.RegistryException.AlreadyExists;
import dev.keg.error.RegistryException.Foreign;
import dev.keg.error.VolumeException;
import dev.keg.registry.Catalog.Staged;
import dev.keg.registry.Catalog.UsableOn;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds for every catalog that does not say otherwise. */
class CatalogTest {
  private static final RegistryEntry.Broken BROKEN =
      new RegistryEntry.Broken("README", new Foreign("/README", "it is not a directory"));

  private final MemoryCatalog catalog = new MemoryCatalog(volume(DB));

  @Test
  void only_readable_volumes_have_ids() {
    catalog.broken.add(BROKEN);

    assertThat(catalog.has(volume(DB).details().id())).isTrue();
    assertThat(catalog.has(volume(WWW).details().id())).isFalse();
  }

  @Test
  void unpublished_ones_are_returned_and_the_others_are_published() {
    Staged taken = staged(volume(DB));
    Staged free = staged(volume(WWW));

    Map<Staged, VolumeException> failures = catalog.publishAll(List.of(taken, free));

    assertThat(failures).containsOnlyKeys(taken);
    assertThat(failures.get(taken)).isInstanceOf(AlreadyExists.class);
    assertThat(catalog.names()).containsExactly(DB, WWW);
  }

  private static Staged staged(Volume volume) {
    return new Staged(volume, new VolumeHome(Path.of(volume.name().text())), UsableOn.ITS_HOST);
  }

  @Test
  void this_host_made_every_volume_itself() {
    catalog.broken.add(BROKEN);

    assertThat(catalog.own(volume(WWW))).contains(volume(WWW));
    assertThat(catalog.ownList()).containsExactly(BROKEN, new RegistryEntry.Intact(volume(DB)));
  }

  @Test
  void every_volume_is_here_as_it_is_and_nobody_else_holds_it() {
    assertThat(catalog.isHere(volume(DB))).isTrue();
    assertThat(catalog.accept(volume(DB), Options.NONE)).isEqualTo(volume(DB));
    assertThat(catalog.heldElsewhere(DB)).isEmpty();
  }
}
