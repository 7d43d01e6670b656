package dev.keg.render.hcs;

import dev.keg.json.JsonObject;
import dev.keg.render.hcs.HcsDevice.ContainerPipe;
import dev.keg.render.hcs.HcsDevice.Directory;
import dev.keg.render.hcs.HcsDevice.Plan9;
import dev.keg.render.hcs.HcsDevice.Scsi;
import dev.keg.render.hcs.HcsDevice.Smb;
import java.util.List;

/**
 * Devices in schema version 2, for a new system and for requests. Members that are false, zero or
 * empty are left out, as the service does.
 */
final class HcsSettings {
  private HcsSettings() {}

  static JsonObject disk(Scsi disk) {
    return new JsonObject()
        .put("Type", disk.type())
        .put("Path", disk.path())
        .ifTrue("ReadOnly", disk.readOnly());
  }

  static JsonObject plan9(Plan9 share) {
    JsonObject settings =
        plan9Name(share)
            .put("Path", share.path())
            .put("Port", Plan9.PORT)
            .put("Flags", share.flags());
    String only = share.only();
    return only == null ? settings : settings.texts("AllowedFiles", List.of(only));
  }

  static JsonObject plan9Name(Plan9 share) {
    return new JsonObject().put("Name", share.name()).put("AccessName", share.name());
  }

  static JsonObject smb(Smb share) {
    String only = share.only();
    // A reader may cache the content.
    JsonObject options =
        new JsonObject()
            .ifTrue("ReadOnly", share.readOnly())
            .ifTrue("ShareRead", share.readOnly())
            .ifTrue("CacheIo", share.readOnly())
            .ifTrue("PseudoOplocks", share.readOnly())
            // The server of a share may lack what direct mapping requires of a file system.
            .ifTrue("NoDirectmap", WindowsText.isShare(share.path()))
            .ifTrue("RestrictFileAccess", only != null)
            .ifTrue("SingleFileMapping", only != null);
    JsonObject settings =
        new JsonObject()
            .put("Name", share.name())
            .put("Path", share.path())
            .put("Options", options);
    return only == null ? settings : settings.texts("AllowedFiles", List.of(only));
  }

  static JsonObject directory(Directory directory) {
    return new JsonObject()
        .put("HostPath", directory.hostPath())
        .put("ContainerPath", directory.target())
        .ifTrue("ReadOnly", directory.readOnly());
  }

  static JsonObject pipe(ContainerPipe pipe) {
    return new JsonObject()
        .put("ContainerPipeName", pipe.target())
        .put("HostPath", pipe.hostPath());
  }
}
