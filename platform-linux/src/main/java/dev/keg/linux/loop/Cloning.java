package dev.keg.linux.loop;

import dev.keg.driver.CreateRequest;
import dev.keg.driver.DataDirectory;
import dev.keg.driver.Freezes.Frozen;
import dev.keg.linux.driver.Attempt;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.program.Tool;
import dev.keg.linux.program.ToolException;
import dev.keg.volume.Ownership;
import dev.keg.volume.VolumeHome;
import java.io.IOException;

/**
 * Copies an image: by sharing its blocks where the host's file system can, else by copying them,
 * holes left out. The source stands still meanwhile.
 */
final class Cloning {
  private final Kernel kernel;
  private final Freezing freezing;
  private final Devices devices;

  Cloning(Kernel kernel, Freezing freezing, Devices devices) {
    this.kernel = kernel;
    this.freezing = freezing;
    this.devices = devices;
  }

  void run(VolumeHome source, CreateRequest request) {
    Attempt attempt = new Attempt("clone", request.volume().name());
    LoopOptions options = LoopOptions.of(request.options());
    new DataDirectory(request.volume().name(), request.home()).create(Ownership.DEFAULT);
    Image from = Image.in(source, kernel.files());
    Image to = Image.in(request.home(), kernel.files());
    try (Frozen _ = freezing.freeze(attempt, source)) {
      attempt.run("cannot copy the image", () -> copy(from, to));
    }
    attempt.run(
        "cannot make the copy a file system of its own",
        () -> {
          renew(attempt, request, options);
          to.sync();
        });
  }

  private void copy(Image from, Image to) throws ToolException, IOException {
    to.make();
    String source = from.path().toString();
    String copy = to.path().toString();
    var _ =
        kernel
            .tools()
            .run(Tool.of("cp", "--reflink=auto", "--sparse=auto", "--", source, copy).patiently());
  }

  private void renew(Attempt attempt, CreateRequest request, LoopOptions options)
      throws ErrnoException, ToolException, IOException {
    if (options.encryption().isEmpty()) {
      Image image = Image.in(request.home(), kernel.files());
      options.fileSystem().renew(kernel.tools(), image.path());
      return;
    }
    try (Key key = Key.of(attempt, options.encryption().get(), request.secrets());
        Devices.Device device = devices.openCopy(attempt, request.home(), options, key)) {
      device.during(() -> options.fileSystem().renew(kernel.tools(), device.path()));
    }
  }
}
