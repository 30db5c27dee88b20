import { Form, Panel } from "@bigcommerce/big-design";
import { useReducer } from "react";
import styled from "styled-components";

import type { Saved } from "../api/types.ts";
import { Connections } from "../connections/Connections.tsx";
import { History } from "../history/History.tsx";
import { UnsavedGuard } from "../navigation/UnsavedGuard.tsx";
import { SaveBar } from "../parts/SaveBar.tsx";
import { useLoaded } from "../parts/useLoaded.ts";
import { useSession } from "../session/session.ts";
import { count, t } from "../texts/t.ts";
import { DraftOffer } from "./DraftOffer.tsx";
import { unsaved } from "./editor.ts";
import { SECTIONS, isSecret } from "./fields.ts";
import { OutcomeMessage } from "./OutcomeMessage.tsx";
import { SettingField } from "./SettingField.tsx";
import { useEditor } from "./useEditor.ts";
import { useOutcome } from "./useOutcome.ts";

export function SettingsForm({ saved }: { readonly saved: Saved }) {
  const { editor, dispatch, save, isDraftKept } = useEditor(saved, "drafts");
  const changes = unsaved(editor);
  const [tests, addTest] = useReducer((before: number) => before + 1, 0);
  useOutcome(editor);
  return (
    <>
      <DraftOffer kind="drafts" text="draft.text" editor={editor} dispatch={dispatch} />
      <OutcomeMessage editor={editor} onAgain={() => void save()} />
      <Form
        noValidate
        autoComplete="off"
        fullWidth
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {SECTIONS.map(({ id, title, help, fields }) => (
          <Panel key={id} header={t(title)} headerId={id} description={t(help)}>
            <Columns>
              {fields.map((spec) => (
                <SettingField key={spec.field} spec={spec} editor={editor} dispatch={dispatch} />
              ))}
            </Columns>
          </Panel>
        ))}
        <SaveBar
          unsaved={changes.length > 0 ? count("settings.unsaved", changes.length) : ""}
          saving={editor.saving}
          onDiscard={() => {
            dispatch({ type: "discarded" });
          }}
        />
      </Form>
      <SavedConnections
        // What is known of the connections is about the settings that were saved last.
        key={editor.tries}
        hindrance={changes.length > 0 ? t("test.unsaved") : undefined}
        pinned={editor.saved.settings.sftp.host_key}
        onTested={addTest}
        onSaved={(now) => {
          dispatch({ type: "refreshed", saved: now });
        }}
      />
      <History seen={`${editor.saved.version} ${tests}`} />
      <UnsavedGuard
        isDirty={changes.length > 0}
        text={t("guard.text")}
        // A draft holds no secret.
        isKept={() => isDraftKept() && !changes.some(isSecret)}
        saving={editor.saving}
        onSave={save}
      />
    </>
  );
}

interface SavedProps {
  readonly hindrance: string | undefined;
  readonly pinned: string;
  readonly onTested: () => void;
  readonly onSaved: (saved: Saved) => void;
}

/** Whether the saved settings work. */
function SavedConnections({ hindrance, pinned, onTested, onSaved }: SavedProps) {
  const { api } = useSession();
  const [overview, readOverview] = useLoaded(api.overview);
  return (
    <Connections
      help="section.connections.help"
      checks={overview.state === "ready" ? overview.value.checks : undefined}
      hindrance={hindrance}
      pinned={pinned}
      onSaved={onSaved}
      onTested={() => {
        readOverview();
        onTested();
      }}
    />
  );
}

const Columns = styled.div`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr));
  gap: ${({ theme }) => `${theme.spacing.large} ${theme.spacing.xLarge}`};

  svg {
    flex: none;
  }

  /* An error of several lines has its icon at the first. */
  svg:has(+ [id$="-error"]) {
    align-self: flex-start;
    width: ${({ theme }) => theme.lineHeight.small};
    height: ${({ theme }) => theme.lineHeight.small};
  }
`;
