package dev.keg.linux.kernel;

import com.sun.jna.Memory;
import dev.keg.linux.kernel.Uapi.Ucred;
import java.util.OptionalLong;

/** Identifies the peer of a local socket; SO_PEERCRED of unix(7). */
public final class SocketPeer {
  private SocketPeer() {}

  /**
   * The process that connected; empty if the descriptor is not such a socket, or the process is in
   * a pid namespace that this process cannot see.
   */
  public static OptionalLong process(int fd) {
    try (Memory peer = new Memory(Ucred.SIZE);
        Memory length = new Memory(Integer.BYTES)) {
      peer.clear();
      length.setInt(0, Ucred.SIZE);
      int result = Libc.getsockopt(fd, Uapi.SOL_SOCKET, Uapi.SO_PEERCRED, peer, length);
      int process = peer.getInt(Ucred.PID);
      return result == 0 && process > 0 ? OptionalLong.of(process) : OptionalLong.empty();
    }
  }
}
