package dev.keg.backup.oci;

import dev.keg.backup.archive.VolumeDescription;
import dev.keg.backup.archive.frame.Compression;
import dev.keg.backup.archive.write.ArchiveSummary;
import dev.keg.backup.oci.Manifest.Descriptor;
import dev.keg.backup.save.Destination;
import dev.keg.backup.save.SaveRequest;
import dev.keg.backup.save.Saved;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.StoreFailures;
import dev.keg.error.VolumeException;
import dev.keg.tree.Entry;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A registry that receives a volume as an image under one or more names. The data is sent once;
 * other repositories copy it from the first one. A name appears only when everything it refers to
 * exists.
 */
public final class PushDestination implements Destination {
  private final List<ImageReference> images;
  private final RegistryEnvironment environment;
  private final ImageConfig config;

  /**
   * @param images the names, in one registry, each with a tag
   */
  public PushDestination(
      List<ImageReference> images, RegistryEnvironment environment, ImageConfig config) {
    this.images = List.copyOf(images);
    this.environment = environment;
    this.config = config;
  }

  @Override
  public BackupDraft begin(Volume volume, SaveRequest request, Supplier<Size> usage) {
    RegistryClient client = new RegistryClient(images.getFirst(), environment);
    try {
      ImageRepository first = new ImageRepository(client, images.getFirst().repository());
      BlobUpload layer = first.upload();
      return new ImageDraft(volume, request, first, layer, new ImageIndex(first.upload()));
    } catch (StoreException e) {
      client.close();
      throw StoreFailures.failure(e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class ImageDraft implements BackupDraft, WritableByteChannel {
    private final Volume volume;
    private final SaveRequest request;
    private final ImageRepository first;
    private final BlobUpload layer;
    private final ImageIndex index;
    private final MessageDigest plain = Digest.begin();
    private volatile @Nullable StoreException failure;
    private volatile boolean withoutIndex;

    ImageDraft(
        Volume volume,
        SaveRequest request,
        ImageRepository first,
        BlobUpload layer,
        ImageIndex index) {
      this.volume = volume;
      this.request = request;
      this.first = first;
      this.layer = layer;
      this.index = index;
    }

    @Override
    public String name() {
      return images.getFirst().toString();
    }

    @Override
    public Compression compression() {
      return new Compression.Layer(
          request.level().orElse(Compression.Zstd.DEFAULT_LEVEL), plain::update, this::add);
    }

    private void add(Entry file) {
      if (withoutIndex) {
        return;
      }
      try {
        index.add(file);
      } catch (StoreException e) {
        goOnWithoutIndex(e);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public WritableByteChannel channel() {
      return this;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      try {
        layer.write(bytes);
        return bytes.length;
      } catch (StoreException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public boolean isOpen() {
      return failure == null;
    }

    @Override
    public void throwFailure() {
      if (failure != null) {
        throw StoreFailures.failure(failure);
      }
    }

    @Override
    public Saved publish(ArchiveSummary summary, Duration took) {
      StoreFailures.run(layer::publish);
      Descriptor data = layer.descriptor(Manifest.LAYER_TYPE);
      Optional<Descriptor> files = publishIndex();
      byte[] settings = config.json(volume, Digest.end(plain));
      List<String> places = new ArrayList<>();
      List<VolumeException> problems = new ArrayList<>();
      for (ImageReference image : images) {
        try {
          places.add(publish(image, data, settings, files));
        } catch (StoreException e) {
          problems.add(StoreFailures.failure(e));
        }
      }
      if (places.isEmpty()) {
        throw problems.getFirst();
      }
      return new Saved(volume.name(), null, null, places, summary, took, problems);
    }

    private Optional<Descriptor> publishIndex() {
      if (withoutIndex) {
        return Optional.empty();
      }
      try {
        return Optional.of(index.publish());
      } catch (StoreException e) {
        goOnWithoutIndex(e);
        return Optional.empty();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /**
     * Continues without the index, which only lists the image's content; not every registry accepts
     * one.
     */
    private void goOnWithoutIndex(StoreException failure) {
      if (Thread.currentThread().isInterrupted()) {
        throw StoreFailures.failure(failure);
      }
      withoutIndex = true;
      environment
          .warn()
          .accept(
              "the image has no index, so `keg pull --files` cannot list it: "
                  + failure.getMessage());
    }

    private String publish(
        ImageReference image, Descriptor data, byte[] settings, Optional<Descriptor> files)
        throws StoreException {
      ImageRepository to = new ImageRepository(first.client(), image.repository());
      if (!to.name().equals(first.name())) {
        to.take(data, first);
      }
      Manifest manifest =
          new Manifest(
              List.of(data),
              Map.of(
                  ImageConfig.CREATED,
                  config.created().toString(),
                  ImageConfig.TITLE,
                  volume.name().text(),
                  ImageConfig.VOLUME,
                  VolumeDescription.text(volume)));
      byte[] json = manifest.json(to.put(Manifest.CONFIG_TYPE, settings));
      to.publish(image.tag(), json);
      files.ifPresent(
          descriptor ->
              attach(to, descriptor, new Descriptor(Manifest.TYPE, Digest.of(json), json.length)));
      return image + "@" + Digest.of(json);
    }

    private void attach(ImageRepository to, Descriptor files, Descriptor pushed) {
      try {
        if (!to.name().equals(first.name())) {
          to.take(files, first);
        }
        to.attach(ImageIndex.ARTIFACT_TYPE, files, pushed);
      } catch (StoreException e) {
        goOnWithoutIndex(e);
      }
    }

    @Override
    public void close() {
      try (layer;
          index) {
        // Close it in any case.
      } catch (StoreException e) {
        // The registry discards unfinished uploads.
        environment.debug().accept(String.valueOf(e.getMessage()));
      } finally {
        first.client().close();
      }
    }
  }
}
