package dev.keg.backup.oci;

import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.oci.ImageRepository.Found;
import dev.keg.backup.oci.Manifest.Descriptor;
import dev.keg.backup.restore.RestoreSource;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.file.FileFailures;
import dev.keg.tree.ByteString;
import dev.keg.volume.Volume;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** An image in a registry with a single layer, which holds the content for a volume. */
public record PulledImage(ImageReference image, RegistryEnvironment environment) {
  /** The media types of layers, with every compression. */
  private static final Set<String> LAYERS =
      Set.of(
          Manifest.LAYER_TYPE,
          "application/vnd.oci.image.layer.v1.tar",
          "application/vnd.oci.image.layer.v1.tar+gzip",
          "application/vnd.docker.image.rootfs.diff.tar",
          "application/vnd.docker.image.rootfs.diff.tar.gzip",
          "application/vnd.docker.image.rootfs.diff.tar.zstd");

  /** Opens it while the work runs. */
  public void with(Consumer<RestoreSource> work) {
    try (RegistryClient client = new RegistryClient(image, environment)) {
      ImageRepository from = new ImageRepository(client, image.repository());
      Found found = StoreFailures.translate(() -> from.manifest(image));
      try (BlobStream data = new BlobStream(from, layer(found.manifest()))) {
        work.accept(
            new RestoreSource.Stream(
                image.place() + "@" + found.digest(), data, volume(found.manifest())));
      }
    }
  }

  /** The files of its layer, from its index; does not read the layer itself. */
  public void files(Consumer<ImageEntry> files) {
    try (RegistryClient client = new RegistryClient(image, environment)) {
      ImageRepository from = new ImageRepository(client, image.repository());
      Manifest index =
          StoreFailures.translate(
                  () -> from.attached(ImageIndex.ARTIFACT_TYPE, from.manifest(image).digest()))
              .filter(found -> found.layers().size() == 1)
              .filter(found -> found.layers().getFirst().type().equals(ImageIndex.TYPE))
              .orElseThrow(() -> refused("no index is attached to it; `keg push` attaches one"));
      try (BlobStream data = new BlobStream(from, index.layers().getFirst())) {
        ImageIndex.read(image.toString(), data, files);
      } catch (StoreException e) {
        throw StoreFailures.failure(e);
      } catch (IOException e) {
        throw new InvalidArchive(image.toString(), "in its index", FileFailures.reason(e));
      }
    }
  }

  /** The tags of the repository. */
  public List<String> tags() {
    try (RegistryClient client = new RegistryClient(image, environment)) {
      return StoreFailures.translate(new ImageRepository(client, image.repository())::tags);
    }
  }

  private Descriptor layer(Manifest manifest) {
    if (manifest.layers().size() != 1) {
      throw refused("it has %d layers, and a volume has one".formatted(manifest.layers().size()));
    }
    Descriptor layer = manifest.layers().getFirst();
    if (!LAYERS.contains(layer.type())) {
      throw refused("its layer is " + layer.type() + ", not a tar archive");
    }
    return layer;
  }

  private InvalidArchive refused(String why) {
    return new InvalidArchive(image.toString(), "in its manifest", why);
  }

  /**
   * The description of the pushed volume; empty for other images, from which files can still be
   * restored.
   */
  private static Optional<Volume> volume(Manifest manifest) {
    return Optional.ofNullable(manifest.annotations().get(ImageConfig.VOLUME))
        .flatMap(text -> VolumeDescription.read(ByteString.utf8(text)))
        .filter(volume -> !volume.holdsDisk());
  }
}
