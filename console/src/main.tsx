import { GlobalStyles } from "@bigcommerce/big-design";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { StyleSheetManager, ThemeProvider } from "styled-components";

import { Crash } from "./navigation/Crash.tsx";
import { Frame } from "./navigation/Frame.tsx";
import { Missing } from "./navigation/Missing.tsx";
import { INNER_PAGES, PAGES } from "./navigation/pages.tsx";
import { theme } from "./parts/theme.ts";
import { Toast } from "./parts/toast.tsx";
import { onControlPanelLogout } from "./session/bigcommerce.ts";
import { BASE, takeOpening } from "./session/page.ts";
import { createSession, SessionContext } from "./session/session.ts";

const opening = takeOpening(document, history);
const session = createSession(opening);
onControlPanelLogout(session.signOut);

const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      errorElement: <Crash />,
      children: [
        ...[...PAGES, ...INNER_PAGES].map(({ path, Page }) => ({ path, element: <Page /> })),
        { path: "*", element: <Missing /> },
      ],
    },
  ],
  { basename: BASE },
);

const root = document.getElementById("console");
if (!root) throw new Error("this page is not the console's");
root.dataset["state"] = "ready";
createRoot(root).render(
  <StrictMode>
    <StyleSheetManager {...(opening.nonce ? { nonce: opening.nonce } : {})}>
      <ThemeProvider theme={theme}>
        <GlobalStyles />
        <SessionContext value={session}>
          <Toast />
          <RouterProvider router={router} />
        </SessionContext>
      </ThemeProvider>
    </StyleSheetManager>
  </StrictMode>,
);
