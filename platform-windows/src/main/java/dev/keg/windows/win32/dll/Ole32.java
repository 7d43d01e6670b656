package dev.keg.windows.win32.dll;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code ole32.dll}: COM, from {@code combaseapi.h}. The functions return HRESULTs. */
public interface Ole32 extends Library {
  UUID CLSID_WbemLocator = UUID.fromString("4590f811-1d3a-11d0-891f-00aa004b2e24");
  UUID IID_IWbemLocator = UUID.fromString("dc12a687-737f-11cf-884d-00aa004b2e24");

  int COINIT_MULTITHREADED = 0;
  int RPC_E_CHANGED_MODE = 0x80010106;
  int CLSCTX_INPROC_SERVER = 1;
  int RPC_C_AUTHN_WINNT = 10;
  int RPC_C_AUTHZ_NONE = 0;
  int RPC_C_AUTHN_LEVEL_PKT_PRIVACY = 6;
  int RPC_C_IMP_LEVEL_IMPERSONATE = 3;
  int EOAC_NONE = 0;

  /** Called once for each {@link #CoUninitialize}. */
  int CoInitializeEx(@Nullable Pointer reserved, int coInit);

  void CoUninitialize();

  int CoCreateInstance(
      GUID classId,
      @Nullable Pointer outer,
      int context,
      GUID interfaceId,
      PointerByReference object);

  int CoSetProxyBlanket(
      Pointer proxy,
      int authenticationService,
      int authorizationService,
      @Nullable Pointer serverPrincipal,
      int authenticationLevel,
      int impersonationLevel,
      @Nullable Pointer authenticationInfo,
      int capabilities);
}
