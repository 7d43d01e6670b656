package dev.keg.render;

import static dev.keg.render.JsonText.ifTrue;
import static dev.keg.render.JsonText.member;
import static dev.keg.render.JsonText.texts;

import dev.keg.render.HcsDevice.ContainerPipe;
import dev.keg.render.HcsDevice.Directory;
import dev.keg.render.HcsDevice.Plan9;
import dev.keg.render.HcsDevice.Scsi;
import dev.keg.render.HcsDevice.Smb;
import dev.keg.render.JsonText.Body;
import java.util.List;

/**
 * What devices are in schema version 2, the same when a system is made and when one is added later.
 * Members that are false, zero or empty are left out, as the service itself does.
 */
final class HcsSettings {
  private HcsSettings() {}

  static Body disk(Scsi disk) {
    return member("Type", disk.type())
        .and(member("Path", disk.path()))
        .and(ifTrue("ReadOnly", disk.readOnly()));
  }

  static Body plan9(Plan9 share) {
    Body settings =
        plan9Name(share)
            .and(member("Path", share.path()))
            .and(member("Port", Plan9.PORT))
            .and(member("Flags", share.flags()));
    String only = share.only();
    return only == null ? settings : settings.and(texts("AllowedFiles", List.of(only)));
  }

  static Body plan9Name(Plan9 share) {
    return member("Name", share.name()).and(member("AccessName", share.name()));
  }

  static Body smb(Smb share) {
    String only = share.only();
    // Who only reads may keep what was read.
    Body options =
        ifTrue("ReadOnly", share.readOnly())
            .and(ifTrue("ShareRead", share.readOnly()))
            .and(ifTrue("CacheIo", share.readOnly()))
            .and(ifTrue("PseudoOplocks", share.readOnly()))
            .and(ifTrue("RestrictFileAccess", only != null))
            .and(ifTrue("SingleFileMapping", only != null));
    Body settings =
        member("Name", share.name())
            .and(member("Path", share.path()))
            .and(member("Options", options));
    return only == null ? settings : settings.and(texts("AllowedFiles", List.of(only)));
  }

  static Body directory(Directory directory) {
    return member("HostPath", directory.hostPath())
        .and(member("ContainerPath", directory.target()))
        .and(ifTrue("ReadOnly", directory.readOnly()));
  }

  static Body pipe(ContainerPipe pipe) {
    return member("ContainerPipeName", pipe.target()).and(member("HostPath", pipe.hostPath()));
  }
}
