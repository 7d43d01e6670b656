package dev.keg.windows.win32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.keg.windows.win32.dll.Netapi32;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Mappings of shares; the password {@code wrong} is wrong. See {@link FakeWindows}. */
final class FakeShares implements Netapi32 {
  private final FakeWindows windows;

  /** Protected from the garbage collector. */
  private final List<Memory> texts = new ArrayList<>();

  record Offered(String name, int type, String remark) {}

  FakeShares(FakeWindows windows) {
    this.windows = windows;
  }

  @Override
  public int NetUseAdd(
      @Nullable Pointer serverName,
      int levelFlags,
      USE_INFO_4 buffer,
      IntByReference parameterError) {
    String share = WideString.read(Objects.requireNonNull(buffer.ui2_remote));
    String user = text(buffer.ui2_username);
    if (windows.fails("NetUseAdd " + share + " user '" + user + "' flags " + buffer.ui3_flags)) {
      return FakeWindows.IO_DEVICE;
    }
    if (levelFlags != (4 | USE_FLAG_GLOBAL_MAPPING)) {
      return Win32Error.INVALID_PARAMETER;
    }
    if (text(buffer.ui2_password).equals("wrong")) {
      return Win32Error.LOGON_FAILURE;
    }
    if (windows.mappings.containsKey(share)) {
      return Win32Error.ALREADY_ASSIGNED;
    }
    windows.mappings.put(share, user);
    return Win32Error.SUCCESS;
  }

  private static String text(@Nullable Pointer text) {
    return text == null ? "" : WideString.read(text);
  }

  @Override
  public int NetUseDel(@Nullable Pointer serverName, Pointer useName, int forceLevelFlags) {
    String share = WideString.read(useName);
    if (windows.fails("NetUseDel " + share)) {
      return FakeWindows.IO_DEVICE;
    }
    if (windows.busyShares.contains(share) && (forceLevelFlags & 0xFFFF) == USE_NOFORCE) {
      return Win32Error.NERR_OPEN_FILES;
    }
    windows.busyShares.remove(share);
    return windows.mappings.remove(share) == null
        ? Win32Error.NERR_USE_NOT_FOUND
        : Win32Error.SUCCESS;
  }

  @Override
  public int NetUseGetInfo(
      @Nullable Pointer serverName, Pointer useName, int levelFlags, PointerByReference buffer) {
    String share = WideString.read(useName);
    if (windows.fails("NetUseGetInfo " + share)) {
      return FakeWindows.IO_DEVICE;
    }
    if (!windows.mappings.containsKey(share)) {
      return Win32Error.NERR_USE_NOT_FOUND;
    }
    buffer.setValue(new Memory(56));
    return Win32Error.SUCCESS;
  }

  /** One share at a time, so that the caller has to continue. */
  @Override
  public int NetShareEnum(
      Pointer serverName,
      int level,
      PointerByReference buffer,
      int preferredMaximumLength,
      IntByReference entriesRead,
      IntByReference totalEntries,
      IntByReference resumeHandle) {
    String server = WideString.read(serverName);
    if (windows.fails("NetShareEnum " + server + " level " + level)) {
      return FakeWindows.IO_DEVICE;
    }
    List<Offered> all = windows.offered.getOrDefault(server, List.of());
    if (all.isEmpty()) {
      return Win32Error.BAD_NETPATH;
    }
    Offered next = all.get(resumeHandle.getValue());
    texts.add(WideString.of(next.name()));
    texts.add(WideString.of(next.remark()));
    Memory entry = new Memory(24);
    entry.setPointer(0, texts.get(texts.size() - 2));
    entry.setInt(8, next.type());
    entry.setPointer(16, texts.getLast());
    buffer.setValue(entry);
    entriesRead.setValue(1);
    resumeHandle.setValue(resumeHandle.getValue() + 1);
    return resumeHandle.getValue() < all.size() ? Win32Error.MORE_DATA : Win32Error.SUCCESS;
  }

  @Override
  public int NetApiBufferFree(Pointer buffer) {
    return Win32Error.SUCCESS;
  }
}
