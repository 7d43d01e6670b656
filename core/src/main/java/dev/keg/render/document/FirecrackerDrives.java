package dev.keg.render.document;

import dev.keg.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The {@code drives} of Firecracker's configuration file. */
public final class FirecrackerDrives {
  private static final Vocabulary WORDS = Vocabulary.of("firecracker");

  private FirecrackerDrives() {}

  public static String of(List<Part> parts) {
    List<JsonObject> drives = new ArrayList<>();
    for (Part part : Part.rootFirst(parts)) {
      switch (part) {
        case Part.Disk disk -> drives.add(drive(disk));
        case Part.Tree tree -> throw WORDS.refused(tree, "firecracker cannot share directories");
        case Part.Pipe pipe -> throw WORDS.refused(pipe, "only Windows has named pipes");
        // The machine's own kernel mounts memory.
        case Part.Memory _ -> {}
      }
    }
    return new JsonObject().objects("drives", drives).pretty();
  }

  private static JsonObject drive(Part.Disk disk) {
    Part.Image image = disk.image();
    if (!image.format().equals("raw")) {
      throw WORDS.refused(
          disk, "firecracker supports only raw disks, and this one is " + image.format());
    }
    // Its ids may contain only letters, digits and underscores.
    return new JsonObject()
        .put("drive_id", image.drive().replaceAll("[.-]", "_"))
        .put("path_on_host", image.file())
        .put("is_root_device", image.isRoot())
        .put("is_read_only", disk.access().readOnly());
  }
}
