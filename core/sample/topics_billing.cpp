// SPDX-License-Identifier: Apache-2.0
#include "topic.h"

namespace signalbox::sample {

namespace {

using enum AskUse;

constexpr Topic kTopics[] = {
    {.id = "invoice-copy",
     .title = "Your invoice",
     .about = "your invoice",
     .facts =
         {{.spellings = {"under Documents", "page Documents", "Billing > Documents"},
           .says = {"All invoices are under Documents in the billing part of your profile.",
                    "You find it under Documents, as a PDF.",
                    "Go to Billing and look under Documents."},
           .misses = {"You find it in your profile."}},
          {.spellings = {"VAT number"},
           .says =
               {"Enter your VAT number in the billing profile and it is printed on the next one.",
                "The VAT number goes into your billing profile.",
                "Once your VAT number is saved, it appears on every later invoice."},
           .misses = {"Your company details can be added."}},
          {.spellings = {"10 days", "ten days"},
           .says = {"An invoice can be corrected for 10 days.",
                    "For 10 days after its date we can issue it again.",
                    "You have 10 days to ask for a corrected one."},
           .misses = {"An invoice can be corrected for a while."}}},
     .asks =
         {{"Where can I download my invoice?", 0b001, Opener},
          {"need the invoice for order {order}", 0b001, Opener},
          {"How do I get our VAT id on it?", 0b010},
          {"Can you still correct the last one?", 0b100},
          {"Until when can an invoice be changed?", 0b100, FollowUp},
          {"my accountant wants the company number on it", 0b010, FollowUp},
          {"Is there a place with all of them?", 0b001, FollowUp},
          {"The invoice needs our cost centre code and tax id. Where do they go?", 0b010},
          {"Our bookkeeping sends back your invoice for order {order}, because it does not carry "
           "our tax "
           "id and because the legal name of the company is spelled without the second part. The "
           "address is right, {address}. Please tell me where I enter this and whether the old "
           "invoice can be issued again.",
           0b110, Opener},
          {"Thank you, I have entered all of that. For the last quarter I need the other invoices "
           "too, "
           "and the accountant asks for them as files and not as pictures, with the order code in "
           "the name. I was looking in the mails but I have deleted most of them. Please tell me "
           "where they are kept.",
           0b001, FollowUp},
          {"Can I add the company number afterwards?", 0b010, FollowUp},
          {"We are a small office of architects, and our tax adviser has asked for the papers of "
           "the whole last year, sorted by month, with the project code on each of them. I have "
           "found some in my mails and three in the app, but there must be about twenty. On two of "
           "them the company number is missing. Please tell me where the rest can be found, and "
           "how that number gets on the papers in the future.",
           0b011, Opener}},
     .steps = {"Open your profile and choose Billing.", "Pick the year at the top.",
               "Tap the document to save it.", "Forward it from there if you like."},
     .details = {"They are kept for ten years.",
                 "Each order has one, also when it came in two parcels.",
                 "They can be sent to a second address automatically.",
                 "The number begins with the year.", "Credit notes are in the same list."},
     .cautions = {"Please check the company details before you order.",
                  "Older ones may show your former address."}},

    {.id = "charged-twice",
     .title = "Charged twice?",
     .about = "the second charge",
     .facts =
         {{.spellings = {"authorisation", "authorization", "reservation"},
           .says = {"One of the two is only an authorisation, not a payment.",
                    "The second line is an authorisation that your bank still shows.",
                    "What you see twice is one payment and one authorisation."},
           .misses = {"Sometimes a payment is shown twice."}},
          {.spellings = {"3 working days", "three working days"},
           .says = {"It disappears within 3 working days.",
                    "Your bank removes it after 3 working days.",
                    "Give it 3 working days to vanish."},
           .misses = {"It should disappear before long."}},
          {.spellings = {"settled"},
           .says = {"If both are marked as settled, send us the two lines and we pay one back.",
                    "Should both lines be settled, we refund one the same day.",
                    "When both of them are settled, it is our mistake and we refund it."},
           .misses = {"If it stays, write to us again."}}},
     .asks =
         {{"Why was I charged twice?", 0b011, Opener},
          {"there are two charges of {amount} on my card", 0b011, Opener},
          {"When does the second one go away?", 0b010},
          {"Is that a real payment?", 0b001},
          {"What if both of them stay?", 0b100, FollowUp},
          {"it's been a week, both still there", 0b100, FollowUp},
          {"How many days until it vanishes?", 0b010, FollowUp},
          {"One of the lines has a different code. Is it a payment?", 0b001},
          {"I have bought the {item} for {amount} and now my bank shows the sum two times, with "
           "the same "
           "date but with a different code behind it. I only pressed the button once, I am quite "
           "sure. It is a lot of money for me in this month. Please explain what this is and when "
           "I have it back.",
           0b011, Opener},
          {"I have waited as you told me, and I called the bank too. They say that both lines are "
           "final "
           "now, the reference code of the first is from {day} and the other one from the day "
           "after. They can do nothing about it on their side, and sent me back to you. Please "
           "tell "
           "me what you will do now.",
           0b100, FollowUp},
          {"How long do I have to wait for it to vanish?", 0b010, FollowUp},
          {"On the first of the month you took {amount} for the plan from my account, and on the "
           "second the same sum again, both with your name and an authorisation code behind it. As "
           "it happens that was the week in which my rent was due, and the bank has now charged me "
           "for having too little on the account. I would like to hear what kind of booking this "
           "is and when it will be gone.",
           0b011, Opener}},
     .steps = {"Look at the state of both lines in your bank's app.", "Compare the dates.",
               "Wait for the end of the week.", "Send us a picture of both if nothing changes."},
     .details = {"This often happens when a payment is tried again.",
                 "Your order exists only once, you can see it in the app.",
                 "Debit cards are slower than credit cards here.",
                 "Instalments are shown in one line each.", "No interest is due for it."},
     .cautions = {"Please do not ask your bank to call back the payment yet.",
                  "Some banks may name the sum differently."}},

    {.id = "change-card",
     .title = "Payment method",
     .about = "your payment method",
     .facts =
         {{.spellings = {"Payment methods"},
           .says = {"You change it under Payment methods.",
                    "Open Payment methods in your profile and add the new card.",
                    "The new card goes into Payment methods."},
           .misses = {"You change it in your profile."}},
          {.spellings = {"next renewal"},
           .says = {"The new card is used from the next renewal on.",
                    "It counts from the next renewal.",
                    "With the next renewal, the new card is charged."},
           .misses = {"The new card will be used later."}},
          {.spellings = {"seven days", "7 days"},
           .says = {"If a payment fails, we try again for seven days before the plan is paused.",
                    "After a failed payment there are seven days before anything is paused.",
                    "We keep trying for seven days, and nothing is switched off in that time."},
           .misses = {"If a payment fails, we try again."}}},
     .asks =
         {{"How do I change my credit card?", 0b001, Opener},
          {"my card expires this month", 0b011, Opener},
          {"From when is the new card charged?", 0b010},
          {"The payment failed. Is my plan gone now?", 0b100},
          {"How long do I have before it's switched off?", 0b100, FollowUp},
          {"Where do I put in the new one?", 0b001, FollowUp},
          {"will the old card be charged once more?", 0b010, FollowUp},
          {"The security code of my new card is refused. Where can I add it again?", 0b001},
          {"My bank has sent me a new card because the old one was copied at a petrol station. It "
           "has "
           "another number and another security code, and the old one is already blocked. The pro "
           "plan should renew on {day}. I do not want the cameras to stop while I am away, so "
           "please tell me what I must do and what happens if it does not work.",
           0b101, Opener},
          {"The new card is in there now, and it wanted a code from my banking app twice. What I "
           "can not "
           "see is whether the next payment is taken from the new one or the old one, because both "
           "are shown with a little star, and the old one is empty. Please tell me when the new "
           "one "
           "counts.",
           0b010, FollowUp},
          {"Do I lose the plan if the card fails once?", 0b100, FollowUp},
          {"My wife and I have separated our accounts, and from now on the pro plan of the house "
           "should be paid from mine. Hers is still in there and I cannot take it out, the page "
           "only says that one method is needed. When I put mine in, it asks for a security code "
           "and then nothing happens. Please tell me where exactly this is done, and which of the "
           "two cards will be charged the next time.",
           0b011, Either}},
     .steps = {"Open your profile.", "Add the new card or account.",
               "Mark it as the preferred one.", "Delete the old one."},
     .details = {"We accept cards, direct debit and two wallets.",
                 "Your bank will ask you to confirm it once.",
                 "The full number is never stored by us.", "One method can pay for several homes.",
                 "A yearly plan is charged once a year."},
     .cautions = {"Please keep one valid method while a plan is running.",
                  "A prepaid card may be refused for plans."}},

    {.id = "where-is-refund",
     .title = "Your refund",
     .about = "your refund",
     .facts = {{.spellings = {"5 working days", "five working days"},
                .says = {"A refund takes 5 working days after we confirm it.",
                         "Your bank needs up to 5 working days to book it.",
                         "It arrives within 5 working days of our mail."},
                .misses = {"A refund takes some time to arrive."}},
               {.spellings = {"same card", "same account", "same way"},
                .says = {"It goes back to the same card you paid with.",
                         "We always refund to the same card.",
                         "The money goes back the same way it came."},
                .misses = {"The money will find its way to you."}},
               {.spellings = {"reference number"},
                .says = {"With the reference number from our mail your bank can find it.",
                         "Give your bank the reference number in our mail.",
                         "If it is missing, the reference number in the mail helps your bank."},
                .misses = {"If it is missing, ask your bank."}}},
     .asks =
         {{"Where is my refund?", 0b001, Opener},
          {"you confirmed the refund of {amount} on {day}, nothing yet", 0b101, Opener},
          {"How long does a refund take?", 0b001},
          {"Which card does the money go to?", 0b010},
          {"My bank can't find it. What should I tell them?", 0b100, FollowUp},
          {"the card I paid with is closed", 0b010},
          {"And if it isn't there after a week?", 0b100, FollowUp},
          {"Is the code in your mail what my bank needs?", 0b100},
          {"I returned the {item} almost two weeks ago and got a mail that {amount} are on their "
           "way to "
           "me. On my account there is nothing, and the lady at the bank asked for a code or a "
           "number of the transfer, which I do not have. I also do not remember which of my two "
           "cards I used. Please help me to find it.",
           0b111, Opener},
          {"That may well be. The card that I had used is from my old bank, and in the aftermath "
           "of the "
           "whole moving business I closed that account in July. I am worried that the money is "
           "lost somewhere between the two banks now. Tell me please where it goes in such a case, "
           "and how long this takes.",
           0b011, FollowUp},
          {"What do I tell the bank to look for?", 0b100, FollowUp},
          {"It is about the two lamps that went back to you at the end of last month. The first "
           "refund was on my card within days, and the second one, {amount}, has not come until "
           "today, although the mail about it has the same date. I paid for one of them with my "
           "old card and for the other one with a code from my wallet, if I remember well. Please "
           "tell me where to look for it and how long I should wait.",
           0b011, Either}},
     .steps = {"Look for our mail with the word refund.",
               "Compare the last four digits of the card.", "Wait until the days have passed.",
               "Call your bank with the details."},
     .details = {"Credit and vouchers are given back first.",
                 "A refund has a line of its own on your statement.",
                 "If an account is closed, its bank passes the money on.",
                 "Shipping is part of it when you return everything.",
                 "You can see each step under the order."},
     .cautions = {"Please note that we cannot send it to another card.",
                  "Around bank holidays it may take longer."}},

    {.id = "renewal",
     .title = "Renewal of your plan",
     .about = "the renewal of your plan",
     .facts = {{.spellings = {"before the renewal date", "before it renews"},
                .says = {"You can cancel at any time before the renewal date.",
                         "Cancel before the renewal date and nothing more is charged.",
                         "One click before the renewal date is enough."},
                .misses = {"You can cancel it in the app."}},
               {.spellings = {"no fee", "free of charge"},
                .says = {"There is no fee for cancelling.", "Cancelling is free of charge.",
                         "No fee is due, whenever you cancel."},
                .misses = {"Cancelling is easy."}},
               {.spellings = {"90 days", "ninety days"},
                .says = {"Your data is kept for 90 days in case you come back.",
                         "We keep everything for 90 days after the end.",
                         "For 90 days you can come back and find all as it was."},
                .misses = {"Your data is kept in case you come back."}}},
     .asks =
         {{"How do I cancel my subscription?", 0b001, Opener},
          {"don't want the pro plan to renew", 0b001, Opener},
          {"Is there a cancellation fee?", 0b010},
          {"What happens to my data afterwards?", 0b100},
          {"Until when do I have to cancel?", 0b001, FollowUp},
          {"does it cost anything if I leave early", 0b010, FollowUp},
          {"How long could I come back and still have my scenes?", 0b100, FollowUp},
          {"Is it legally binding for a year or can I leave before?", 0b011},
          {"We will be abroad for half a year and do not need the pro plan in that time. The "
           "{item} stays "
           "in the flat, but nobody will be there. I have read in a forum that one has to cancel "
           "in "
           "writing and that there is a code for it on the last invoice, which sounds odd. Please "
           "tell me how it works and what it costs.",
           0b011, Opener},
          {"Good to know. What I still do not understand is what becomes of the automations and of "
           "the "
           "door codes that I have given to our neighbours. I have spent many evenings with all of "
           "this, and when we come back in spring I do not want to begin again from nothing. "
           "Please "
           "tell me how long you keep it.",
           0b100, FollowUp},
          {"What does it cost to cancel early?", 0b010, FollowUp},
          {"In the summer I took the pro plan for a year because of the garden cameras, and it "
           "will go on by itself soon if I have read the small print right. My neighbour says that "
           "you have to cancel three months ahead and in writing, or else it is legally another "
           "year, and that there is a fee on top. I might come back in spring. Please tell me how "
           "it really is, and what happens to my recordings until then.",
           0b111, Either}},
     .steps = {"Open the page Plan in your profile.", "Choose \"Do not renew\".",
               "Confirm it with your password.", "Keep the mail that you get."},
     .details = {"The plan works until its last paid day.", "You will be reminded a week ahead.",
                 "App store plans are cancelled in the store.", "Devices go on working by hand.",
                 "You can change your mind with one click."},
     .cautions = {"Please cancel in the store if you have bought it there.",
                  "A special price may not be offered again."}},

    {.id = "gift-card",
     .title = "Gift cards",
     .about = "your gift card",
     .facts = {{.spellings = {"16 digits", "sixteen digits"},
                .says = {"Scratch the strip and you will find 16 digits.",
                         "What you need are the 16 digits on the back.",
                         "The number on the back has 16 digits."},
                .misses = {"Look at the card, there is a number on it."}},
               {.spellings = {"24 months", "two years"},
                .says = {"A gift card is valid for 24 months.",
                         "It can be used for 24 months after it was bought.",
                         "You have 24 months to use it."},
                .misses = {"A gift card is valid for long."}},
               {.spellings = {"stays on the card", "remains on the card", "stays on your card"},
                .says = {"What you do not spend stays on the card.",
                         "The rest stays on the card for the next time.",
                         "Any rest remains on the card."},
                .misses = {"It is best to spend it in one go."}}},
     .asks =
         {{"How do I use a gift card?", 0b001, Opener},
          {"got a gift card for my birthday, what now", 0b011, Opener},
          {"How long is it valid?", 0b010},
          {"What happens to the rest if I buy something cheaper?", 0b100},
          {"Which number do I have to type in?", 0b001, FollowUp},
          {"found one from last year, still good?", 0b010},
          {"Is the remaining money lost?", 0b100, FollowUp},
          {"The gift card code is not accepted.", 0b001},
          {"My aunt gave me one of your gift cards, it must have been in her drawer for quite a "
           "while. "
           "There is a long code, and under the silver strip there is another one that I can only "
           "read in part. I would like to buy the {item} with it, which costs less than the card "
           "is "
           "worth. Please tell me how to do this and what becomes of the rest.",
           0b101, Opener},
          {"I have typed all of that in now and the basket shows the right sum. There are two more "
           "cards "
           "here from my brothers, one of them was bought before the summer of last year, as the "
           "code on the receipt shows. I do not need anything more right now, so please tell me "
           "how "
           "long I can wait with them.",
           0b010, FollowUp},
          {"Can I use the rest another time?", 0b100, FollowUp},
          {"For the jubilee of a colleague we put money together and bought a gift card from you, "
           "in printed form with a ribbon. Now she has rubbed off the strip so eagerly that the "
           "last part of the code is gone as well, and she does not dare to tell the others. "
           "Besides, she wants to save it for the time after her move, next summer. Please tell me "
           "what exactly she needs to type in and how long it will be good for.",
           0b011, Opener}},
     .steps = {"Fill your basket and go to the payment page.", "Choose \"Gift card\".",
               "Type in what is on the back.", "Pay a rest with any other method."},
     .details = {"You can use several at once.", "The app shows the balance.",
                 "They cannot be paid out.", "Plans can be paid with them too.",
                 "A lost one can be blocked with the receipt."},
     .cautions = {"Please treat it like cash.",
                  "A damaged strip may have to be checked by our team."}},
};

constexpr std::string_view kAsides[] = {
    "Every booking is listed in the billing part of your profile.",
    "All prices include tax.",
    "You can have a mail sent to you for every payment.",
    "Our billing team works on weekdays.",
    "Your bank's app usually knows a day earlier than the statement.",
};

} // namespace

const SegmentTopics kBillingTopics = {"Billing", 0.18, kTopics, kAsides};

} // namespace signalbox::sample
