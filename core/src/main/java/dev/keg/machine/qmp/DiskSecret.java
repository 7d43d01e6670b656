package dev.keg.machine.qmp;

import dev.keg.json.JsonObject;
import dev.keg.machine.Plug;
import java.io.IOException;

/** The key of an encrypted disk: a QEMU secret, which QEMU reads from the key file. */
final class DiskSecret {
  private final QmpConnection qemu;
  private final Plug plug;

  DiskSecret(QmpConnection qemu, Plug plug) {
    this.qemu = qemu;
    this.plug = plug;
  }

  // The name that `keg render qemu` uses.
  private static String id(Plug plug) {
    return plug.drive() + "-key";
  }

  private boolean isNeeded() {
    return plug.disk().keyFile().isPresent();
  }

  private boolean exists() throws IOException {
    return QmpMachine.names(
            qemu.execute("qom-list", new JsonObject().put("path", "/objects")), "name")
        .contains(id(plug));
  }

  /**
   * Replaces an existing secret, which may have another key: QEMU read its file when it was
   * created.
   */
  void add() throws IOException {
    if (isNeeded()) {
      remove();
      qemu.execute(
          "object-add",
          new JsonObject()
              .put("qom-type", "secret")
              .put("id", id(plug))
              .put("file", plug.disk().keyFile().orElseThrow().toString()));
    }
  }

  /** Call this after the node is removed. */
  void remove() throws IOException {
    if (isNeeded() && exists()) {
      qemu.execute("object-del", new JsonObject().put("id", id(plug)));
    }
  }

  /** Adds the decryption to the description of a block node. */
  static JsonObject decrypting(JsonObject block, Plug plug) {
    if (plug.disk().keyFile().isEmpty()) {
      return block;
    }
    return plug.disk().format().equals("luks")
        ? block.put("key-secret", id(plug))
        : block.put("encrypt", new JsonObject().put("format", "luks").put("key-secret", id(plug)));
  }
}
