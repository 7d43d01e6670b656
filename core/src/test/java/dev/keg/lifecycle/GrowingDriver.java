package dev.keg.lifecycle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keg.driver.Compacts;
import dev.keg.driver.CreateRequest;
import dev.keg.driver.FakeDriver;
import dev.keg.driver.OptionDescriptor;
import dev.keg.driver.Resizes;
import dev.keg.driver.Secrets;
import dev.keg.driver.Storage;
import dev.keg.file.FileFailures;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeHome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A driver whose volumes are a file that contains their capacity in bytes. */
final class GrowingDriver extends FakeDriver implements Resizes, Compacts {
  private static Path file(VolumeHome home) {
    return home.data().resolve("size");
  }

  GrowingDriver() {
    super("growing", new OptionDescriptor("size", "SIZE", "the number"));
  }

  @Override
  public void create(CreateRequest request) {
    super.create(request);
    Path file = file(request.home());
    FileFailures.run(
        "create", file, () -> Files.writeString(file, request.options().require("size")));
  }

  @Override
  public Storage storage(Volume volume, VolumeHome home) {
    return Storage.directory(home.data()).limitedBy(volume.options());
  }

  @Override
  public Options resize(Volume volume, VolumeHome home, Size size, Secrets secrets) {
    String bytes = Long.toString(size.bytes());
    FileFailures.run(
        "resize",
        file(home),
        () -> {
          try (var file =
              FileChannel.open(
                  file(home), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            file.write(ByteBuffer.wrap(bytes.getBytes(UTF_8)));
            file.force(true);
          }
        });
    return Options.NONE.with("size", bytes);
  }

  @Override
  public void compact(Volume volume, VolumeHome home) {
    FileFailures.run("compact", file(home), () -> Files.writeString(file(home), "1"));
  }

  @Override
  public Size room(Volume volume, VolumeHome home) throws IOException {
    return Size.parseBinary(Files.readString(file(home)));
  }
}
