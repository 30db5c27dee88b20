import { Form, Panel } from "@bigcommerce/big-design";
import { useEffect } from "react";
import styled from "styled-components";

import type { Feeds } from "../api/feeds.ts";
import type { Saved } from "../api/types.ts";
import { UnsavedGuard } from "../navigation/UnsavedGuard.tsx";
import { SaveBar } from "../parts/SaveBar.tsx";
import { ConflictChoice } from "../settings/ConflictChoice.tsx";
import { DraftOffer } from "../settings/DraftOffer.tsx";
import { savedText } from "../settings/edits.ts";
import { unsaved, type Editor } from "../settings/editor.ts";
import { FEED_FIELDS, type Field } from "../settings/fields.ts";
import { OutcomeMessage } from "../settings/OutcomeMessage.tsx";
import { SettingField, ZONES } from "../settings/SettingField.tsx";
import { useEditor } from "../settings/useEditor.ts";
import { useOutcome } from "../settings/useOutcome.ts";
import { count, t } from "../texts/t.ts";
import { CategoryChoice } from "./CategoryChoice.tsx";
import { ChannelChoice } from "./ChannelChoice.tsx";
import { Destination } from "./Destination.tsx";
import { PlanShown } from "./PlanShown.tsx";
import { ScheduleChoice } from "./ScheduleChoice.tsx";
import { usePlan } from "./usePlan.ts";
import { allZones } from "./zones.ts";

interface Props {
  readonly saved: Saved;
  readonly feeds: Feeds;
  readonly read: () => Promise<void>;
}

/** When and how feeds are sent: what is chosen, and what that means. */
export function FeedForm({ saved, feeds, read }: Props) {
  const { editor, dispatch, save, isDraftKept } = useEditor(saved, "feedDrafts");
  const changes = unsaved(editor);
  const expression = textOf(editor, "feeds.schedule");
  const zone = textOf(editor, "feeds.time_zone");
  const plan = usePlan(expression, zone, feeds.schedule);
  const { version } = editor.saved;
  useOutcome(editor);
  useEffect(() => {
    if (version !== saved.version) void read();
  }, [version, saved.version, read]);
  const edit = (field: Field) => (value: string) => {
    dispatch({ type: "edited", field, value });
  };
  const conflictOf = (field: Field) => {
    const conflict = editor.conflicts[field];
    return conflict && <ConflictChoice field={field} conflict={conflict} dispatch={dispatch} />;
  };
  return (
    <>
      <DraftOffer kind="feedDrafts" text="draft.feeds.text" editor={editor} dispatch={dispatch} />
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
        <Panel header={t("schedule.heading")} headerId="schedule" description={t("schedule.help")}>
          <ScheduleChoice
            expression={expression}
            error={editor.errors["feeds.schedule"]}
            onChange={edit("feeds.schedule")}
          />
          {conflictOf("feeds.schedule")}
          <Narrow>
            <SettingField spec={FEED_FIELDS.time_zone} editor={editor} dispatch={dispatch} />
          </Narrow>
          <PlanShown plan={plan} zone={zone} />
        </Panel>
        <Panel header={t("sending.heading")} headerId="sending">
          <ChannelChoice
            channel={textOf(editor, "feeds.channel")}
            error={editor.errors["feeds.channel"]}
            onChange={edit("feeds.channel")}
          />
          {conflictOf("feeds.channel")}
          <Spaced>
            <CategoryChoice
              value={textOf(editor, "feeds.categories")}
              channel={textOf(editor, "feeds.channel")}
              error={editor.errors["feeds.categories"]}
              onChange={edit("feeds.categories")}
            />
            {conflictOf("feeds.categories")}
          </Spaced>
          <Narrow>
            <SettingField spec={FEED_FIELDS.shrink_limit} editor={editor} dispatch={dispatch} />
          </Narrow>
        </Panel>
        <SaveBar
          unsaved={changes.length > 0 ? count("settings.unsaved", changes.length) : ""}
          saving={editor.saving}
          onDiscard={() => {
            dispatch({ type: "discarded" });
          }}
        />
        <datalist id={ZONES}>
          {ALL_ZONES.map((name) => (
            <option key={name} value={name} label={name.replaceAll("_", " ")} />
          ))}
        </datalist>
      </Form>
      <Destination
        key={feeds.destination.channel}
        destination={feeds.destination}
        onSaved={(now) => {
          dispatch({ type: "refreshed", saved: now });
        }}
      />
      <UnsavedGuard
        isDirty={changes.length > 0}
        text={t("guard.feeds.text")}
        isKept={isDraftKept}
        saving={editor.saving}
        onSave={save}
      />
    </>
  );
}

const ALL_ZONES = allZones();

/** The text of a field as it is chosen now. */
function textOf({ saved: { settings }, edits }: Editor, field: Field): string {
  return edits[field] ?? savedText(settings, field);
}

const Spaced = styled.div`
  margin-top: ${({ theme }) => theme.spacing.large};
`;

const Narrow = styled.div`
  max-width: 22rem;
  margin-top: ${({ theme }) => theme.spacing.large};
`;
